// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>

#include "import.hpp"
#include "models.hpp"
#include "seed.hpp"
#include "server.hpp"
#include "text.hpp"

namespace {

constexpr std::string_view usage = R"(usage: kin_blog [options]

  --port N         serve on this port, or the next free one (8080)
  --database FILE  the SQLite database; made and filled when it is not there
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

kin::database open(const std::string& file) {
    kin::url url;
    url.dialect = "sqlite";
    url.database = file;
    return kin::database{url.to_string_with_password()};
}

/// Says what there is to read.
void print_figures(const kin::database& database, const std::string& file) {
    kin::session session = database.session();
    const auto count = [&](const std::string& table) {
        const auto [n] = session.sql<std::int64_t>("SELECT count(*) FROM \"" + table + "\"").one();
        return blog::counted(n, table);
    };
    std::cout << count("user") << ", " << count("post") << ", " << count("comment") << ", " << count("tag")
              << " in " << file << '\n';
}

/// Throws: std::runtime_error for a database whose comments are of a time without replies.
void refuse_earlier_blog(const kin::database& database, const std::string& file) {
    kin::session session = database.session();
    const auto columns = session.sql<std::string>("SELECT name FROM pragma_table_info('comment')").all();
    if (!columns.empty() &&
        std::find(columns.begin(), columns.end(), std::tuple("parent_id")) == columns.end())
        throw std::runtime_error(
            file + " was filled by an earlier blog; remove it, or name another with --database");
}

void run(const arguments& given) {
    const kin::database database = open(given.database);
    refuse_earlier_blog(database, given.database);
    database.create_all<User, Post, Comment, Tag>();
    if (database.session().query<User>().exists()) {
        if (given.seed_only) std::cout << "filled already, so it was left as it is:\n";
    } else if (given.data.empty()) {
        blog::seed(database);
    } else {
        blog::import(database, std::filesystem::path(given.data) / "blog.json");
    }
    print_figures(database, given.database);
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
