// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

#include "kin/mapping/mapper.hpp"

namespace kin::detail {

/// A plain object of a class, for as long as this lives: members to put values into.
class sample_object {
public:
    explicit sample_object(const mapper& m)
        : type_(m),
          memory_(std::make_unique<std::max_align_t[]>(m.functions().size / sizeof(std::max_align_t) + 1)) {
        type_.functions().construct(memory_.get());
    }
    sample_object(const sample_object&) = delete;
    sample_object& operator=(const sample_object&) = delete;
    ~sample_object() { type_.functions().destroy(memory_.get()); }
    [[nodiscard]] void* member(const property& p) noexcept {
        return reinterpret_cast<char*>(memory_.get()) + p.offset;
    }

private:
    const mapper& type_;
    std::unique_ptr<std::max_align_t[]> memory_;
};

} // namespace kin::detail
