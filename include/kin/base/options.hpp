// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kin/base/referential_action.hpp"

// What can be said about a column beside its type. All are structural values, so that one vocabulary serves
// kin::field<std::string, kin::length{50}, kin::unique>, describe(), static members and, one day, annotations.

namespace kin {

/// A string literal as template argument: the text inside of server_default, column_name and comment.
template <std::size_t N> struct fixed_string {
    char characters[N]{}; // with the final NUL

    constexpr fixed_string() = default;
    constexpr fixed_string(const char (&text)[N]) noexcept {
        for (std::size_t i = 0; i < N; ++i) characters[i] = text[i];
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters, N - 1}; }
    [[nodiscard]] constexpr bool operator==(const fixed_string&) const noexcept = default;
};

// The types of the words below; programs use the words.
struct key_option {};
struct unique_option {};
struct index_option {};
struct no_index_option {};
struct version_option {};

/// Part of the primary key.
inline constexpr key_option key;
/// UNIQUE (column), a constraint of its own.
inline constexpr unique_option unique;
/// An index of its own.
inline constexpr index_option index;
/// No index for a foreign key, which has one otherwise.
inline constexpr no_index_option no_index;
/// The row's version: 1 when it is inserted, one more with each UPDATE, and checked by UPDATE and DELETE, so that a change that
/// somebody else made meanwhile is not overwritten: stale_data (version_conflict). An integer; at most one in a class.
inline constexpr version_option version;

/// The most characters that a text may have: VARCHAR(n). A longer text is refused before it is sent: data_error (text_too_long).
struct length {
    std::uint32_t characters;
};

/// Exactly so many characters: CHAR(n). Another text is refused before it is sent: data_error (wrong_length).
struct fixed_length {
    std::uint32_t characters;
};

/// How many digits a kin::decimal has at most, and how many of them stand after the point: kin::precision{12, 2} is NUMERIC(12, 2). A
/// number with more is refused before it is sent, never rounded: data_error (number_too_long). Read back, it has all its `scale` digits.
struct precision {
    std::uint8_t digits;
    std::uint8_t scale = 0;
};

/// The type of the words of on_delete.
struct on_delete_option {
    referential_action action;
};

/// What happens to a row when the row that its foreign key names is deleted: kin::on_delete::cascade.
struct on_delete {
    static constexpr on_delete_option no_action{referential_action::no_action};
    static constexpr on_delete_option restrict {referential_action::restrict};
    static constexpr on_delete_option cascade{referential_action::cascade};
    static constexpr on_delete_option set_null{referential_action::set_null};
    static constexpr on_delete_option set_default{referential_action::set_default};
};

/// The type of the words of on_update.
struct on_update_option {
    referential_action action;
};

/// What happens to a foreign key when the key that it names changes: kin::on_update::cascade. Said by nobody: cascade for a key
/// that the program makes, no_action for one that the database makes.
struct on_update {
    static constexpr on_update_option no_action{referential_action::no_action};
    static constexpr on_update_option restrict {referential_action::restrict};
    static constexpr on_update_option cascade{referential_action::cascade};
    static constexpr on_update_option set_null{referential_action::set_null};
};

// The types of the words below.
struct deferrable_option {};
struct initially_deferred_option {};

/// A foreign key that is checked with each statement, unless the transaction says SET CONSTRAINTS ... DEFERRED. SQL: DEFERRABLE
inline constexpr deferrable_option deferrable;
/// A foreign key that is checked when the transaction commits: commit() throws foreign_key_violation. SQL: DEFERRABLE INITIALLY DEFERRED.
/// MariaDB cannot (no feature::deferrable_keys), and checks it at once.
inline constexpr initially_deferred_option initially_deferred;

/// DEFAULT: SQL text, as "CURRENT_TIMESTAMP" or "'draft'"; never from input. An INSERT leaves the column to the database while
/// the member has its default-made value, and reads back what the database put there.
template <std::size_t N> struct server_default {
    fixed_string<N> text;
    constexpr server_default(const char (&sql)[N]) noexcept : text(sql) {}
};

/// A name for the column other than the member's.
template <std::size_t N> struct column_name {
    fixed_string<N> text;
    constexpr column_name(const char (&name)[N]) noexcept : text(name) {}
};

/// A comment kept with the table's description, by databases that store comments. SQLite does not.
template <std::size_t N> struct comment {
    fixed_string<N> text;
    constexpr comment(const char (&words)[N]) noexcept : text(words) {}
};

} // namespace kin
