// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>

#include <kin/kin.hpp>

namespace chinook {

/// The parts of the report. Each takes a fresh session and a fixed number of statements, however much there is in the tables.
void print_table_sizes(kin::session& session, std::ostream& out);
void print_top_artists(kin::session& session, std::ostream& out);
void print_invoices(kin::session& session, int customer_id, std::ostream& out);
void print_playlists(kin::session& session, std::ostream& out);
void print_playlists_of(kin::session& session, int track_id, std::ostream& out);
void print_employees(kin::session& session, std::ostream& out);

} // namespace chinook
