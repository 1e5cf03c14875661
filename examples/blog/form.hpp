// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <httplib.h>
#include <string>
#include <string_view>

#include "html.hpp"

namespace blog {

struct field_options {
    std::string id = {}; // in the page; empty: the field's name
    bool required = true;
};

/// One field of a form: what was typed, and what is wrong with it.
class field {
public:
    field(std::string label, std::string name, field_options options = {})
        : label_(std::move(label)),
          name_(std::move(name)),
          id_(options.id.empty() ? name_ : std::move(options.id)),
          required_(options.required) {}

    /// Takes the value from the request, without white space at its ends.
    void read(const httplib::Request& request);
    void set(std::string value) { value_ = std::move(value); }
    /// A complaint when the field is empty or has more than `most` characters.
    void require(std::string_view when_empty, std::size_t most);
    /// A complaint when it has more than `most` characters.
    void limit(std::size_t most);
    void complain(std::string_view error) { error_ = error; }

    [[nodiscard]] const std::string& value() const noexcept { return value_; }
    [[nodiscard]] bool is_valid() const noexcept { return error_.empty(); }
    [[nodiscard]] html input(std::string_view hint = {}) const;
    [[nodiscard]] html text_area(int rows) const;

private:
    [[nodiscard]] html label() const;
    [[nodiscard]] html attributes(std::string_view hint) const;
    [[nodiscard]] html notes(std::string_view hint) const;

    std::string label_;
    std::string name_;
    std::string id_;
    bool required_;
    std::string value_;
    std::string error_;
};

} // namespace blog
