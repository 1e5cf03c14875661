// SPDX-License-Identifier: MIT
#include "kin/engine/cancel_handle.hpp"

#include "kin/engine/cancel_target.hpp"
#include "kin/engine/pooled_connection.hpp"

namespace kin {

cancel_handle cancel_handle::make() { return cancel_handle(std::make_shared<detail::cancel_target>()); }

void cancel_handle::cancel() const noexcept {
    if (target_ == nullptr) return;
    const std::lock_guard guard(target_->mutex);
    const pooled_connection* lease = target_->current;
    if (lease == nullptr || lease->is_forked()) return;
    if (lease->sharing != nullptr && lease->open_cursors == 0) return;
    lease->physical->driver->cancel();
}

} // namespace kin
