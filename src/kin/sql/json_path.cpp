// SPDX-License-Identifier: MIT
#include "kin/sql/json_path.hpp"

#include <cassert>
#include <string>

#include "kin/base/json_text.hpp"
#include "kin/sql/json_element.hpp"

namespace kin::detail {

std::vector<json_step> json_steps(std::string_view path) {
    std::vector<json_step> steps;
    while (!path.empty()) {
        json_step step;
        if (!take_json_string(path, step.text)) {
            step.text = take_json_number(path);
            step.is_position = true;
        }
        assert(!step.is_position || !step.text.empty());
        path.remove_prefix(1); // the comma behind it
        steps.push_back(std::move(step));
    }
    return steps;
}

void append_json_step(std::string& path, std::string_view name) {
    append_json_string(path, name);
    path += ',';
}

void append_json_step(std::string& path, std::uint64_t position) {
    path.append(std::to_string(position)) += ',';
}

} // namespace kin::detail
