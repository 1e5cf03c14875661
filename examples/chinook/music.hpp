// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <kin/kin.hpp>

namespace chinook {

struct Album;
struct InvoiceLine;
struct Playlist;
struct Track;

struct Artist {
    kin::primary_key<int> id;
    std::optional<kin::varchar<120>> name;
    kin::has_many<Album> albums;
};

struct Album {
    kin::primary_key<int> id;
    kin::varchar<160> title;
    kin::foreign_key<&Artist::id> artist_id;
    kin::belongs_to<Artist> artist;
    kin::has_many<Track> tracks;
};

struct Genre {
    kin::primary_key<int> id;
    std::optional<kin::varchar<120>> name;
    kin::has_many<Track> tracks;
};

struct MediaType {
    kin::primary_key<int> id;
    std::optional<kin::varchar<120>> name;
    kin::has_many<Track> tracks;
};

struct Track {
    kin::primary_key<int> id;
    kin::varchar<200> name;
    std::optional<kin::foreign_key<&Album::id>> album_id;
    kin::foreign_key<&MediaType::id> media_type_id;
    std::optional<kin::foreign_key<&Genre::id>> genre_id;
    std::optional<kin::varchar<220>> composer;
    std::int64_t milliseconds;
    std::optional<std::int64_t> bytes;
    std::string unit_price; // NUMERIC(10,2), as SQLite writes it
    kin::belongs_to<Album> album;
    kin::belongs_to<MediaType> media_type;
    kin::belongs_to<Genre> genre;
    kin::has_many<InvoiceLine> sales;
    kin::many_to_many<Playlist> playlists;
};

inline void describe(kin::mapping<Artist>& m) {
    m.table("Artist");
    m.column<&Artist::id>().name("ArtistId");
    m.column<&Artist::name>().name("Name");
}

inline void describe(kin::mapping<Album>& m) {
    m.table("Album");
    m.column<&Album::id>().name("AlbumId");
    m.column<&Album::title>().name("Title");
    m.column<&Album::artist_id>().name("ArtistId");
}

inline void describe(kin::mapping<Genre>& m) {
    m.table("Genre");
    m.column<&Genre::id>().name("GenreId");
    m.column<&Genre::name>().name("Name");
}

inline void describe(kin::mapping<MediaType>& m) {
    m.table("MediaType");
    m.column<&MediaType::id>().name("MediaTypeId");
    m.column<&MediaType::name>().name("Name");
}

inline void describe(kin::mapping<Track>& m) {
    m.table("Track");
    m.column<&Track::id>().name("TrackId");
    m.column<&Track::name>().name("Name");
    m.column<&Track::album_id>().name("AlbumId");
    m.column<&Track::media_type_id>().name("MediaTypeId");
    m.column<&Track::genre_id>().name("GenreId");
    m.column<&Track::composer>().name("Composer");
    m.column<&Track::milliseconds>().name("Milliseconds");
    m.column<&Track::bytes>().name("Bytes");
    m.column<&Track::unit_price>().name("UnitPrice").type("NUMERIC(10,2)");
}

} // namespace chinook
