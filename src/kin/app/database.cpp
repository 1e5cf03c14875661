// SPDX-License-Identifier: MIT
#include "kin/app/database.hpp"

namespace kin {

database::database(std::string_view url, const engine_options& options, call_place where)
    : engine_(detail::located(where, [&] { return create_engine(url, options); })) {}

session database::session(const session_options& options, std::source_location where) const {
    return kin::session(engine_, options, where);
}

} // namespace kin
