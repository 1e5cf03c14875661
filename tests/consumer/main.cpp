// SPDX-License-Identifier: MIT
// A program of someone who uses kin: two models, one database in memory.
#include <kin/kin.hpp>

#include <iostream>

struct Track;

struct Album {
    kin::primary_key<int> id;
    kin::varchar<80> title;
    kin::has_many<Track> tracks;
};

struct Track {
    kin::primary_key<int> id;
    kin::varchar<80> name;
    kin::foreign_key<&Album::id> album_id;
    kin::belongs_to<Album, &Track::album_id> album;
};

int main() {
    kin::database db{"sqlite:///:memory:"};
    db.create_all<Album, Track>();

    kin::session session = db.session();
    auto album = kin::make<Album>({.title = "Nightfly"});
    auto first = kin::make<Track>({.name = "I.G.Y.", .album = album});
    auto second = kin::make<Track>({.name = "Ruby Baby", .album = album});
    session.add(album);
    session.commit();

    kin::session reader = db.session();
    for (const auto& found : reader.query<Album>()) {
        std::cout << found->title << '\n';
        for (const auto& track : found->tracks) std::cout << "  " << track->name << '\n';
    }
}
