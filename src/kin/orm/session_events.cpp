// SPDX-License-Identifier: MIT
#include "kin/orm/session_events.hpp"

#include <algorithm>

namespace kin {

bool session_events::has(session_event e) const noexcept {
    return std::any_of(handlers_.begin(), handlers_.end(), [e](const auto& h) { return h->event == e; });
}

void session_events::call(session_event e, session& s, detail::node* n) const {
    for (std::size_t i = 0; i < handlers_.size(); ++i) { // a handler may add handlers
        handler& h = *handlers_[i];
        if (h.event == e && (!h.type || (n && n->type == h.type))) h.call(s, n);
    }
}

} // namespace kin
