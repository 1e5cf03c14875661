// SPDX-License-Identifier: MIT
#include "binding.hpp"

#include <vector>

#include "kin/mapping/ref.hpp"

namespace kin::detail {

namespace {

void bind_members(node& n) {
    for (const relationship& r : n.type->relationships()) {
        if (r.is_reference()) {
            belongs_to_base& reference = reference_of(n, r);
            node* target = reference.take_loose();
            reference.bind(r);
            if (!target) continue;
            const any_ref keep(target);
            release(*target);
            set_parent(n, r, target);
        } else {
            collection_base& collection = collection_of(n, r);
            std::vector<any_ref> keep;
            keep.reserve(collection.slot_count());
            const std::vector<node*> items = collection.take_loose();
            collection.bind(r, true);
            for (node* item : items) {
                keep.emplace_back(item);
                release(*item);
            }
            for (node* item : items) link(n, r, *item);
        }
    }
}

/// Takes back what bind_members() linked before it failed, so that nobody is left with a link to an object that nobody has.
void unbind(node& n) noexcept {
    for (const relationship& r : n.type->relationships()) {
        try {
            if (r.is_reference()) {
                set_parent(n, r, nullptr);
                continue;
            }
            collection_base& collection = collection_of(n, r);
            while (collection.slot_count() != 0) unlink(n, r, *collection.slot(collection.slot_count() - 1));
        } catch (...) {
            continue; // out of memory: the links stay, the object stays reachable and valid
        }
    }
    if (n.context) n.context->let_go(n);
}

} // namespace

void bind_made(node& n) {
    try {
        bind_members(n);
    } catch (...) {
        for (const relationship& r : n.type->relationships()) {
            if (r.is_reference()) {
                belongs_to_base& reference = reference_of(n, r);
                if (node* loose = reference.take_loose_if_unbound()) release(*loose);
                reference.bind(r);
            } else {
                collection_base& collection = collection_of(n, r);
                if (!collection.is_bound()) collection.release_loose();
                collection.bind(r, true);
            }
        }
        unbind(n);
        throw;
    }
}

} // namespace kin::detail
