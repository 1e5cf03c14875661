// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "kin/engine/inspector.hpp"

#include "import.hpp"
#include "models.hpp"
#include "seed.hpp"
#include "server.hpp"
#include "text.hpp"

namespace {

constexpr std::string_view usage = R"(usage: kin_blog [options]

  --port N         serve on this port, or the next free one (8080)
  --database WHAT  the SQLite file, or the URL of a database of any kind; made and filled when it is empty
                   (kin_blog.db, or kin_blog_imported.db with --data)
  --data DIR       fill it with the posts of DIR/blog.json instead of invented ones
  --seed-only      fill the database and end
)";

struct arguments {
    int port = 8080;
    std::string database;
    std::string data;
    bool seed_only = false;
    bool help = false;
};

struct usage_error : std::runtime_error {
    using runtime_error::runtime_error;
};

arguments parse(int count, char** words) {
    arguments result;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        const auto value = [&] {
            if (++i == count) throw usage_error(std::string(word) + " needs a value");
            return std::string(words[i]);
        };
        if (word == "--port") {
            const auto port = blog::parse_number<int>(value());
            if (!port || *port < 1 || *port > 65'535)
                throw usage_error("--port takes a number from 1 to 65535");
            result.port = *port;
        } else if (word == "--database") {
            result.database = value();
        } else if (word == "--data") {
            result.data = value();
        } else if (word == "--seed-only") {
            result.seed_only = true;
        } else if (word == "--help" || word == "-h") {
            result.help = true;
        } else {
            throw usage_error("there is no option " + std::string(word));
        }
    }
    if (result.database.empty())
        result.database = result.data.empty() ? "kin_blog.db" : "kin_blog_imported.db";
    return result;
}

/// A URL, or else the name of a SQLite file.
kin::url url_of(const std::string& given) {
    if (given.find("://") != std::string::npos) return kin::url::parse(given);
    kin::url url;
    url.dialect = "sqlite";
    url.database = given;
    return url;
}

/// Says what there is to read.
void print_figures(const kin::database& database, const std::string& place) {
    kin::session session = database.session();
    const auto count = [&](const std::string& table) {
        const auto [n] = session.sql<std::int64_t>("SELECT count(*) FROM \"" + table + "\"").one();
        return blog::counted(n, table);
    };
    std::cout << count("user") << ", " << count("post") << ", " << count("comment") << ", " << count("tag")
              << " in " << place << '\n';
}

/// Throws: std::runtime_error for a database whose comments are of a time without replies.
void refuse_earlier_blog(const kin::database& database, const std::string& place) {
    kin::connection connection = database.engine().connect();
    const auto columns = database.engine().inspect(connection)->columns("comment");
    const auto is_parent = [](const kin::inspected_column& c) { return c.name == "parent_id"; };
    if (!columns.empty() && std::none_of(columns.begin(), columns.end(), is_parent))
        throw std::runtime_error(
            place + " was filled by an earlier blog; remove it, or name another with --database");
}

void run(const arguments& given) {
    const kin::url url = url_of(given.database);
    const std::string place = url.dialect == "sqlite" ? url.database : url.to_string();
    const kin::database database{url.to_string_with_password()};
    refuse_earlier_blog(database, place);
    database.create_all<User, Post, Comment, Tag>();
    if (database.session().query<User>().exists()) {
        if (given.seed_only) std::cout << "filled already, so it was left as it is:\n";
    } else if (given.data.empty()) {
        blog::seed(database);
    } else {
        blog::import(database, std::filesystem::path(given.data) / "blog.json");
    }
    print_figures(database, place);
    if (!given.seed_only) blog::serve(database, given.port);
}

} // namespace

int main(int count, char** words) {
    try {
        const arguments given = parse(count, words);
        if (given.help)
            std::cout << usage;
        else
            run(given);
        return 0;
    } catch (const usage_error& e) {
        std::cerr << "kin_blog: " << e.what() << "\n\n" << usage;
        return 2;
    } catch (const std::exception& e) {
        std::cerr << "kin_blog: " << e.what() << '\n';
        return 1;
    }
}
