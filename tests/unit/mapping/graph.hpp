// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "kin/kin.hpp"
#include "kin/testing/statement_counter.hpp"

/// Models for tests without a session: a shelf of books with pages. Their text is long enough to live on the heap, so that
/// AddressSanitizer sees an object that is never destroyed, or twice.
namespace graph {

struct Book;
struct Page;

struct Shelf {
    int id = 0;
    std::string name;
    kin::has_many<Book> books;
};
struct Book {
    int id = 0;
    std::string title;
    std::optional<kin::foreign_key<&Shelf::id>> shelf_id;
    kin::belongs_to<Shelf> shelf;
    kin::has_many<Page> pages;
};
struct Page {
    int id = 0;
    std::string text;
    kin::foreign_key<&Book::id> book_id;
    kin::belongs_to<Book> book;
};

inline std::string long_text(std::string_view start) { return std::string(start) + std::string(60, '.'); }
inline kin::ref<Shelf> shelf(std::string_view name = "shelf") {
    return kin::make(Shelf{.name = long_text(name)});
}
inline kin::ref<Book> book(std::string_view title = "book", const kin::ref<Shelf>& on = {}) {
    return kin::make(Book{.title = long_text(title), .shelf = on});
}
inline kin::ref<Page> page(std::string_view text = "page", const kin::ref<Book>& in = {}) {
    return kin::make(Page{.text = long_text(text), .book = in});
}

template <class Call> std::string code_of(Call&& call) {
    try {
        call();
    } catch (const kin::error& e) {
        return std::string(e.code());
    }
    return {};
}

} // namespace graph
