// SPDX-License-Identifier: MIT
// Every type to SQLite and back, beside kin's way through SQLite's own interface.
#include "support/value_trips.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "unit/engine/database_help.hpp"

namespace {

using kin::type_kind;

class sqlite_trips final : public kin::testing::trip_database {
public:
    sqlite_trips() {
        if (sqlite3_open(folder_.file("probe.db").c_str(), &raw_) != SQLITE_OK) fail();
        sqlite3_exec(raw_, "PRAGMA synchronous = OFF", nullptr, nullptr, nullptr);
    }
    ~sqlite_trips() override { sqlite3_close_v2(raw_); }
    sqlite_trips(const sqlite_trips&) = delete;
    sqlite_trips& operator=(const sqlite_trips&) = delete;

    kin::database& db() override { return db_; }

    std::optional<std::string> read(int id, const kin::column_type& type) override {
        const statement s = prepare("SELECT value FROM probe WHERE id = ?1");
        sqlite3_bind_int(s.get(), 1, id);
        if (sqlite3_step(s.get()) != SQLITE_ROW) fail();
        const auto bytes = [&] {
            const void* data = sqlite3_column_blob(s.get(), 0);
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(s.get(), 0));
            return data ? std::string(static_cast<const char*>(data), size) : std::string();
        };
        switch (sqlite3_column_type(s.get(), 0)) {
        case SQLITE_NULL: return std::nullopt;
        case SQLITE_INTEGER: {
            if (type.kind != type_kind::boolean) return bytes();
            return sqlite3_column_int64(s.get(), 0) == 1 ? "true" : bytes() == "0" ? "false" : bytes();
        }
        case SQLITE_FLOAT:
            return kin::testing::text_around_kin(kin::cell::of_real(sqlite3_column_double(s.get(), 0)));
        case SQLITE_BLOB: {
            const std::string content = bytes();
            const auto kind = type.kind == type_kind::uuid ? kin::cell_kind::uuid : kin::cell_kind::blob;
            return kin::testing::text_around_kin(kin::cell::of_bytes(content, kind));
        }
        default: break;
        }
        const bool has_fraction = type.kind == type_kind::time || type.kind == type_kind::timestamp;
        return has_fraction ? kin::testing::with_fraction(bytes()) : bytes();
    }

    void write(int id, const std::optional<std::string>& value, const kin::column_type& type) override {
        const statement s = prepare("INSERT INTO probe VALUES (?1, ?2)");
        sqlite3_bind_int(s.get(), 1, id);
        if (value) bind(s.get(), *value, type);
        if (sqlite3_step(s.get()) != SQLITE_DONE) fail();
    }

    std::string refusal(const std::string& value, const kin::column_type& type) const override {
        return type.kind == type_kind::real && value == "nan" ? "not_a_number" : "";
    }

    std::string kept(std::string value, const kin::column_type& type) const override {
        return type.kind == type_kind::real && value == "-0" ? "0" : value;
    }

    bool orders(const kin::column_type& type) const override { return type.kind != type_kind::enumeration; }

private:
    using statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

    [[noreturn]] void fail() const { throw std::runtime_error(sqlite3_errmsg(raw_)); }
    statement prepare(const char* sql) {
        sqlite3_stmt* made = nullptr;
        if (sqlite3_prepare_v2(raw_, sql, -1, &made, nullptr) != SQLITE_OK) fail();
        return {made, sqlite3_finalize};
    }
    static void bind(sqlite3_stmt* s, const std::string& value, const kin::column_type& type) {
        const auto blob = [&](const std::string& bytes) {
            sqlite3_bind_blob64(s, 2, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_TRANSIENT);
        };
        switch (type.kind) {
        case type_kind::boolean: sqlite3_bind_int(s, 2, value == "true" ? 1 : 0); return;
        case type_kind::duration:
        case type_kind::integer: sqlite3_bind_int64(s, 2, std::stoll(value)); return;
        case type_kind::real: sqlite3_bind_double(s, 2, std::strtod(value.c_str(), nullptr)); return;
        case type_kind::blob: return blob(kin::testing::bytes_of(value));
        case type_kind::uuid:
            return blob(
                std::string(reinterpret_cast<const char*>(kin::uuid(value).bytes()), kin::uuid::size));
        default: sqlite3_bind_text64(s, 2, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        }
    }

    kin::testing::temporary_directory folder_;
    kin::database db_{"sqlite:///" + folder_.file("probe.db") + "?synchronous=off"};
    sqlite3* raw_ = nullptr;
};

TEST(sqlite_value_trips, numbers_make_the_trip) {
    sqlite_trips where;
    kin::testing::numbers_make_the_trip(where);
}

TEST(sqlite_value_trips, decimals_make_the_trip) {
    sqlite_trips where;
    kin::testing::decimals_make_the_trip(where);
}

TEST(sqlite_value_trips, texts_bytes_and_enumerations_make_the_trip) {
    sqlite_trips where;
    kin::testing::texts_and_bytes_make_the_trip(where);
}

TEST(sqlite_value_trips, dates_and_times_make_the_trip) {
    sqlite_trips where;
    kin::testing::dates_and_times_make_the_trip(where);
}

TEST(sqlite_value_trips, json_and_arrays_make_the_trip) {
    sqlite_trips where;
    kin::testing::json_and_arrays_make_the_trip(where);
}

} // namespace
