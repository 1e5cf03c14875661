// SPDX-License-Identifier: MIT
#include "kin/mapping/make.hpp"

#include "binding.hpp"
#include "pool.hpp"

namespace kin::detail {

node* allocate_node(const mapper& m) { return pool::allocate_alone(m); }
void free_node(node* n) noexcept { pool::free_alone(n); }
void finish_made(node& n) { bind_made(n); }

} // namespace kin::detail
