// SPDX-License-Identifier: MIT
// A report from a Chinook database: kin_chinook [FILE or URL [CUSTOMER_ID [TRACK_ID]]]
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>

#include <kin/kin.hpp>
#include <kin/testing/statement_counter.hpp>

#include "report.hpp"

namespace {

/// Prints a part of the report, and what it cost.
template <class Part> void section(const kin::database& db, const char* title, Part&& part) {
    std::cout << title << '\n';
    const kin::testing::statement_counter counter(db);
    kin::session session = db.session();
    part(session);
    std::cout << "  (" << counter.count() << (counter.count() == 1 ? " statement)" : " statements)")
              << "\n\n";
}

/// A URL as it is; a file is opened read-only and stays as it is.
std::string url_of(const std::string& place) {
    if (place.find("://") != std::string::npos) return place;
    return "sqlite:///" + std::filesystem::absolute(place).string() + "?mode=ro";
}

void print_report(const std::string& place, int customer_id, int track_id) {
    const kin::database db(url_of(place));
    section(db, "Rows in each table", [](auto& s) { chinook::print_table_sizes(s, std::cout); });
    section(db, "The ten artists with most tracks",
            [](auto& s) { chinook::print_top_artists(s, std::cout); });
    section(db, "A customer's invoices",
            [&](auto& s) { chinook::print_invoices(s, customer_id, std::cout); });
    section(db, "The playlists", [](auto& s) { chinook::print_playlists(s, std::cout); });
    section(db, "The playlists of a track",
            [&](auto& s) { chinook::print_playlists_of(s, track_id, std::cout); });
    section(db, "Who reports to whom", [](auto& s) { chinook::print_employees(s, std::cout); });
}

} // namespace

int main(int argc, char** argv) {
    try {
        print_report(argc > 1 ? argv[1] : "chinook.sqlite", argc > 2 ? std::atoi(argv[2]) : 1,
                     argc > 3 ? std::atoi(argv[3]) : 3403);
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "kin_chinook: " << e.what() << '\n';
        return 1;
    }
}
