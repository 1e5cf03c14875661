// SPDX-License-Identifier: MIT
#pragma once

#include "music.hpp"

namespace chinook {

/// Here the options of the members say what describe() says elsewhere.
struct Playlist {
    kin::field<int, kin::key, kin::column_name{"PlaylistId"}> id;
    std::optional<kin::field<std::string, kin::length{120}, kin::column_name{"Name"}>> name;
    kin::many_to_many<Track> tracks;
};

inline void describe(kin::mapping<Playlist>& m) {
    m.table("Playlist");
    m.relationship<&Playlist::tracks>()
        .table("PlaylistTrack")
        .columns("PlaylistId", "TrackId")
        .on_delete(kin::on_delete::no_action) // as the file has it, so kin deletes the links itself
        .order_by(kin::col<&Track::id>);
}

} // namespace chinook
