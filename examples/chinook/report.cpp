// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "models.hpp"
#include "text.hpp"

namespace chinook {

namespace {

constexpr int number_of_artists = 10;

void print_size(std::string_view table, std::int64_t rows, std::ostream& out) {
    out << "  " << left(table, 16) << right(std::to_string(rows), 6) << '\n';
}
template <class Model> void print_size(kin::session& session, std::string_view table, std::ostream& out) {
    print_size(table, session.query<Model>().count(), out);
}

void print_line(const InvoiceLine& line, std::ostream& out) {
    out << "      " << right(std::to_string(line.quantity), 2) << " x " << right(line.unit_price, 5) << "  "
        << line.track->name << '\n';
}

/// `indent` is what stands before the people below `employee`.
void print_branch(const Employee& employee, const std::string& indent, std::ostream& out) {
    out << employee.first_name << ' ' << employee.last_name << ", " << employee.title.value_or("no title")
        << '\n';
    for (const auto& report : employee.reports) {
        const bool is_last = report == employee.reports.back();
        out << indent << (is_last ? "└─ " : "├─ ");
        print_branch(*report, indent + (is_last ? "   " : "│  "), out);
    }
}

} // namespace

void print_table_sizes(kin::session& session, std::ostream& out) {
    print_size<Album>(session, "Album", out);
    print_size<Artist>(session, "Artist", out);
    print_size<Customer>(session, "Customer", out);
    print_size<Employee>(session, "Employee", out);
    print_size<Genre>(session, "Genre", out);
    print_size<Invoice>(session, "Invoice", out);
    print_size<InvoiceLine>(session, "InvoiceLine", out);
    print_size<MediaType>(session, "MediaType", out);
    print_size<Playlist>(session, "Playlist", out);
    const auto [links] =
        session.select(kin::count(kin::col<&Track::id>)).join<&Track::playlists>().one(); // no class has them
    print_size("PlaylistTrack", links, out);
    print_size<Track>(session, "Track", out);
}

void print_top_artists(kin::session& session, std::ostream& out) {
    const auto tracks = kin::count(kin::col<&Track::id>);
    int place = 0;
    for (const auto& [name, n] : session.select(kin::col<&Artist::name>, tracks)
                                     .join<&Artist::albums>()
                                     .join<&Album::tracks>()
                                     .group_by(kin::col<&Artist::id>)
                                     .order_by(tracks.desc(), kin::col<&Artist::name>)
                                     .limit(number_of_artists)) {
        out << right(std::to_string(++place), 4) << ". " << left(name.value_or("unknown"), 28)
            << right(std::to_string(n), 5) << " tracks\n";
    }
}

void print_invoices(kin::session& session, int customer_id, std::ostream& out) {
    const kin::ref<const Customer> customer = session.get_one<Customer>(customer_id);
    out << "  " << customer->first_name << ' ' << customer->last_name << ", " << customer->city.value_or("-")
        << ", " << customer->country.value_or("-");
    if (customer->support_rep) {
        out << "; looked after by " << customer->support_rep->first_name << ' '
            << customer->support_rep->last_name;
    }
    out << '\n';
    std::int64_t total = 0;
    for (const auto& invoice : customer->invoices) {
        out << "  invoice " << invoice->id << ", " << day(invoice->date) << ", total "
            << amount(cents(invoice->total)) << '\n';
        total += cents(invoice->total);
        for (const auto& line : invoice->lines) print_line(*line, out);
    }
    out << "  " << customer->invoices.size() << " invoices, " << amount(total) << " in all\n";
}

void print_playlists(kin::session& session, std::ostream& out) {
    for (const auto& [id, name, tracks] :
         session.select(kin::col<&Playlist::id>, kin::col<&Playlist::name>, kin::count(kin::col<&Track::id>))
             .left_join<&Playlist::tracks>()
             .group_by(kin::col<&Playlist::id>)
             .order_by(kin::col<&Playlist::id>)) {
        out << right(std::to_string(id), 4) << ". " << left(name.value_or("unnamed"), 28)
            << right(std::to_string(tracks), 5) << " tracks\n";
    }
}

void print_playlists_of(kin::session& session, int track_id, std::ostream& out) {
    const kin::ref<const Track> track = session.get_one<Track>(track_id);
    out << "  " << track->name;
    if (track->album) out << ", on " << track->album->title;
    out << '\n';
    for (const auto& playlist : track->playlists)
        out << right(std::to_string(playlist->id), 4) << ". " << playlist->name.value_or("unnamed") << '\n';
    out << "  " << track->playlists.size() << " playlists\n";
}

void print_employees(kin::session& session, std::ostream& out) {
    for (const auto& employee : session.query<Employee>().order_by(kin::col<&Employee::id>)) {
        if (employee->manager) continue;
        out << "  ";
        print_branch(*employee, "  ", out);
    }
}

} // namespace chinook
