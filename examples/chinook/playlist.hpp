// SPDX-License-Identifier: MIT
#pragma once

#include "music.hpp"

namespace chinook {

/// Here the options of the members say what describe() says elsewhere.
struct Playlist {
    kin::field<int, kin::key, kin::column_name{"PlaylistId"}> id;
    std::optional<kin::field<std::string, kin::length{120}, kin::column_name{"Name"}>> name;
    kin::has_many<PlaylistTrack> entries;
};

/// A track on a playlist; both together are the key.
struct PlaylistTrack {
    kin::foreign_key<&Playlist::id, kin::key, kin::column_name{"PlaylistId"}> playlist_id;
    kin::foreign_key<&Track::id, kin::key, kin::column_name{"TrackId"}> track_id;
    kin::belongs_to<Playlist> playlist;
    kin::belongs_to<Track> track;
};

inline void describe(kin::mapping<Playlist>& m) { m.table("Playlist"); }
inline void describe(kin::mapping<PlaylistTrack>& m) { m.table("PlaylistTrack"); }

} // namespace chinook
