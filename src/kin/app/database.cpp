// SPDX-License-Identifier: MIT
#include "kin/app/database.hpp"

namespace kin {

database::database(std::string_view url, const engine_options& options)
    : engine_(create_engine(url, options)) {}

session database::session(const session_options& options) const { return kin::session(engine_, options); }

} // namespace kin
