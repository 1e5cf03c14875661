// SPDX-License-Identifier: MIT
#include "kin/sqlite/blob.hpp"

#include <array>
#include <string>
#include <vector>

#include "kin/kin.hpp"
#include "support/test_database.hpp"
#include "unit/engine/database_help.hpp"

namespace {

using kin::sqlite::blob;
using kin::sqlite::blob_access;
using kin::sqlite::blob_place;
using kin::testing::code_of;

struct File {
    kin::primary_key<std::int64_t> id;
    std::string name;
    std::optional<std::vector<std::byte>> content;
};

std::vector<std::byte> bytes(std::string_view text) {
    std::vector<std::byte> out;
    for (const char c : text) out.push_back(static_cast<std::byte>(c));
    return out;
}

class sqlite_blob : public testing::TestWithParam<const char*> {
protected:
    sqlite_blob() {
        db.create_all<File>();
        file = session.add(File{.name = "name of the file", .content = bytes("0123456789")});
        session.commit();
    }
    [[nodiscard]] static std::string text_of(const blob& b) {
        std::string out(b.size() + 5, '~');
        out.resize(b.read(0, std::as_writable_bytes(std::span(out))));
        return out;
    }
    [[nodiscard]] kin::connection& writing() { return session.connection(kin::transaction_access::write); }

    kin::testing::temporary_directory directory;
    kin::database db{std::string_view(GetParam()) == "memory" ? std::string("sqlite:///:memory:")
                                                              : directory.url()};
    kin::session session = db.session();
    kin::ref<File> file;
};

INSTANTIATE_TEST_SUITE_P(in, sqlite_blob, testing::Values("memory", "file"),
                         [](const auto& in) { return std::string(in.param); });

TEST_P(sqlite_blob, is_read_in_pieces) {
    const blob content{session.connection(), {"file", "content", file->id}};
    EXPECT_EQ(content.size(), 10U);
    std::array<std::byte, 4> piece{};
    EXPECT_EQ(content.read(2, piece), 4U);
    EXPECT_EQ(piece.back(), std::byte{'5'});
    EXPECT_EQ(content.read(8, piece), 2U); // what is left
    EXPECT_EQ(content.read(10, piece), 0U);
    EXPECT_EQ(content.read(99, piece), 0U);
    EXPECT_EQ(text_of(content), "0123456789");
    EXPECT_EQ(text_of(blob{session.connection(), {"file", "name", file->id}}), "name of the file");
}

TEST_P(sqlite_blob, is_written_in_the_transaction_of_its_session) {
    for (const bool commits : {false, true}) {
        {
            blob content{writing(), {"file", "content", file->id}, blob_access::write};
            content.write(0, bytes("ab"));
            content.write(9, bytes("z"));
            content.write(10, {});
            EXPECT_EQ(text_of(content), "ab2345678z");
        }
        commits ? session.commit() : session.rollback();
        EXPECT_EQ(text_of(blob{db.session().connection(), {"file", "content", file->id}}),
                  commits ? "ab2345678z" : "0123456789");
    }
    session.expire(file);
    EXPECT_EQ(file->content, bytes("ab2345678z"));
}

TEST_P(sqlite_blob, of_a_hundred_megabytes_needs_no_memory_for_it) {
    session.execute("UPDATE file SET content = zeroblob(100000000)");
    blob content{writing(), {"file", "content", file->id}, blob_access::write};
    EXPECT_EQ(content.size(), 100'000'000U);
    const std::vector<std::byte> piece(65'536, std::byte{7});
    content.write(50'000'000, piece);
    std::array<std::byte, 2> edge{};
    EXPECT_EQ(content.read(49'999'999, edge), 2U);
    EXPECT_EQ(edge[0], std::byte{0});
    EXPECT_EQ(edge[1], std::byte{7});
}

TEST_P(sqlite_blob, goes_to_the_next_row) {
    const auto second = session.add(File{.name = "b", .content = bytes("second")});
    session.commit();
    blob content{session.connection(), {"file", "content", file->id}};
    content.move_to(second->id);
    EXPECT_EQ(text_of(content), "second");
    EXPECT_EQ(code_of([&] { content.move_to(99); }), "statement_refused");
    EXPECT_EQ(code_of([&] { (void)text_of(content); }), "blob_expired");
}

TEST_P(sqlite_blob, is_lost_when_its_row_changes) {
    const blob content{writing(), {"file", "content", file->id}};
    session.execute("UPDATE file SET content = x'00'");
    EXPECT_EQ(code_of([&] { (void)text_of(content); }), "blob_expired");
    blob written{writing(), {"file", "content", file->id}, blob_access::write};
    session.execute("UPDATE file SET content = x'01'");
    EXPECT_EQ(code_of([&] { written.write(0, bytes("a")); }), "blob_expired"); // no matter of its size
    EXPECT_EQ(code_of([&] { written.write(0, {}); }), "blob_expired");
}

TEST_P(sqlite_blob, does_not_grow) {
    blob content{writing(), {"file", "content", file->id}, blob_access::write};
    EXPECT_EQ(code_of([&] { content.write(8, bytes("abc")); }), "blob_size");
    EXPECT_EQ(code_of([&] { content.write(11, {}); }), "blob_size");
    EXPECT_EQ(text_of(content), "0123456789");
}

TEST_P(sqlite_blob, what_cannot_be_opened_says_why) {
    const auto open = [&](std::string_view table, std::string_view column, std::int64_t row) {
        return code_of([&] { blob wrong(session.connection(), {table, column, row}); });
    };
    EXPECT_EQ(open("file", "content", 99), "statement_refused");
    EXPECT_EQ(open("nothing", "content", 1), "no_such_table");
    EXPECT_EQ(open("file", "nothing", 1), "no_such_column");
    EXPECT_EQ(open("file", "id", 1), "statement_refused"); // a number
    const auto empty = session.add(File{.name = "empty"});
    session.flush();
    EXPECT_EQ(open("file", "content", empty->id), "statement_refused"); // NULL
    kin::connection idle = db.engine().connect();
    EXPECT_EQ(code_of([&] { blob wrong(idle, {"file", "content", 1}, blob_access::write); }),
              "no_transaction");
    kin::session reader = db.session({.read_only = true});
    EXPECT_EQ(code_of([&] { blob wrong(reader.connection(), {"file", "content", 1}, blob_access::write); }),
              "read_only_transaction");
}

TEST_P(sqlite_blob, of_a_column_with_an_index_is_read_only) {
    session.execute("CREATE INDEX file_name ON file (name)");
    const blob_place name{"file", "name", file->id};
    EXPECT_EQ(text_of(blob{session.connection(), name}), "name of the file");
    EXPECT_EQ(code_of([&] { blob wrong(writing(), name, blob_access::write); }), "statement_refused");
}

TEST_P(sqlite_blob, may_be_moved) {
    blob first{session.connection(), {"file", "content", file->id}};
    blob second = std::move(first);
    EXPECT_EQ(first.size(), 0U); // NOLINT: a moved-from blob is empty
    EXPECT_EQ(text_of(first), "");
    EXPECT_EQ(text_of(second), "0123456789");
}

TEST(sqlite_only, blobs_are_refused_elsewhere) {
    if (kin::testing::on_sqlite()) GTEST_SKIP() << "on a server";
    kin::database db{kin::testing::fresh_url()};
    kin::session session = db.session();
    EXPECT_EQ(code_of([&] { blob wrong(session.connection(), {"file", "content", 1}); }), "wrong_database");
}

} // namespace
