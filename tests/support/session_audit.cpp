// SPDX-License-Identifier: MIT
#include "support/session_audit.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "kin/base/error.hpp"
#include "kin/mapping/link.hpp"
#include "kin/mapping/row_image.hpp"
#include "kin/orm/row_cells.hpp"
#include "kin/orm/session_core.hpp"

namespace kin::testing {

namespace {

using detail::node;

/// Stands in a session for a moment, so that its pool is known.
struct Visitor {
    int id = 0;
};

/// The object's columns as SQL literals.
std::vector<std::string> row_of(const node& n) {
    std::vector<cell> cells(n.type->properties().size());
    scratch memory;
    detail::encode_row(n, cells.data(), memory);
    std::vector<std::string> row;
    for (const cell& c : cells) row.push_back(literal_of(c));
    return row;
}

std::string name_of(const node& n) {
    std::string text = n.type->class_name() + "(";
    for (const std::string& value : row_of(n)) text += (text.back() == '(' ? "" : ", ") + value;
    return text + ") in state " + std::to_string(static_cast<int>(n.state));
}

class auditor {
public:
    explicit auditor(detail::session_core& core) : core_(core) {
        core.storage().for_each([this](node& n) {
            if (n.type != &mapper_of<Visitor>()) nodes_.push_back(&n);
        });
    }

    void check_links() {
        for (node* n : nodes_) {
            for (const relationship& r : n->type->relationships()) {
                if (r.is_many_to_many()) {
                    check_association(*n, r);
                } else {
                    r.is_reference() ? check_reference(*n, r) : check_collection(*n, r);
                }
            }
        }
    }

    void check_settled(const raw_database::content& database) {
        check_links();
        for (node* n : nodes_) {
            check_flags(*n);
            check_keys(*n);
            if (n->state != object_state::persistent || n->context != &core_) continue;
            ++known_[n->type];
            check_row(*n, database);
            check_watched(*n);
            for (const relationship& r : n->type->relationships()) {
                if (r.is_referred_to()) check_whole(*n, r, database);
            }
        }
        check_identity_map();
    }

    /// Nobody else is in the identity map.
    void check_identity_map() {
        for (const node* n : nodes_) {
            const std::size_t known = core_.objects().of(*n->type).size();
            if (known != known_[n->type])
                fault(*n, "is of a class that the identity map has " + std::to_string(known) + " objects of");
        }
    }

    [[nodiscard]] std::string take() { return std::move(faults_); }

private:
    void fault(const node& n, const std::string& what) { faults_ += name_of(n) + " " + what + "\n"; }

    /// It keeps what it was linked to; the others do not have it any more.
    [[nodiscard]] static bool has_gone(const node& n) noexcept {
        return n.state == object_state::deleted || n.state == object_state::detached;
    }

    /// Its columns are read again when somebody looks at them.
    [[nodiscard]] static bool is_out_of_date(const node& n) noexcept {
        return n.has(detail::node_flag::expired);
    }

    void check_collection(node& owner, const relationship& r) {
        const detail::collection_base& many = detail::collection_of(owner, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) {
            node& child = *many.slot(i);
            if (many.find(child) != i)
                fault(owner, "has an object twice in " + r.name + ": " + name_of(child));
            const detail::belongs_to_base& reference = detail::reference_of(child, *r.inverse);
            const bool points_here = reference.is_resolved() ? reference.known() == &owner
                                                             : detail::names(child, *r.inverse, owner);
            if (!points_here)
                fault(owner, "has in " + r.name + " who is not linked to it: " + name_of(child));
        }
    }

    void check_association(node& owner, const relationship& r) {
        if (has_gone(owner)) return;
        const detail::collection_base& many = detail::collection_of(owner, r);
        for (std::size_t i = 0; i < many.slot_count(); ++i) {
            node& other = *many.slot(i);
            if (many.find(other) != i)
                fault(owner, "has an object twice in " + r.name + ": " + name_of(other));
            const detail::collection_base* theirs = detail::other_side(&other, r);
            if (theirs && theirs->is_loaded() && theirs->find(owner) == theirs->slot_count())
                fault(owner, "has in " + r.name + " who does not have it: " + name_of(other));
        }
    }

    void check_reference(node& child, const relationship& r) {
        const detail::belongs_to_base& reference = detail::reference_of(child, r);
        node* target = reference.is_resolved() ? reference.known() : nullptr;
        detail::collection_base* many = detail::other_side(target, r);
        if (!many || !many->is_loaded() || has_gone(child)) return;
        if (many->find(child) == many->slot_count())
            fault(child, "is not in the collection of its " + r.name + ": " + name_of(*target));
    }

    void check_flags(const node& n) {
        using namespace detail::node_flag;
        if (n.has(inserted | removing | key_made | orphan)) fault(n, "still has flags of the transaction");
        if (n.mark != 0) fault(n, "is still marked");
        if (n.image && !n.image->committed.empty()) fault(n, "still has its row before the transaction");
        if (n.state == object_state::pending || n.state == object_state::deleted)
            fault(n, "is in a state that no transaction leaves behind");
        if ((n.context == &core_) != (n.state == object_state::persistent))
            fault(n, "is not in the session as its state says");
    }

    void check_keys(node& n) {
        if (has_gone(n) || is_out_of_date(n)) return;
        for (const relationship& r : n.type->relationships()) {
            if (!r.is_reference()) continue;
            const detail::belongs_to_base& reference = detail::reference_of(n, r);
            const node* target = reference.is_resolved() ? reference.known() : nullptr;
            const bool is_new = n.state == object_state::transient; // gets the key when it is inserted
            if (target && !is_new && detail::has_key(*target) && !detail::names(n, r, *target))
                fault(n, "does not have the key of its " + r.name + ": " + name_of(*target));
            if (reference.is_resolved() && !target && n.state == object_state::persistent &&
                !detail::foreign_key_unset(n, r) && core_.find_target(n, r))
                fault(n, "has a key, and is linked to nobody by " + r.name);
        }
    }

    void check_row(const node& n, const raw_database::content& database) {
        cell key[most_key_columns];
        scratch memory;
        detail::row_key(n, key, memory);
        if (core_.objects().of(*n.type).find({key, n.type->key().size()}) != &n)
            fault(n, "is not known by its key");
        const auto& rows = database.at(n.type->table().name()).rows;
        const std::vector<std::string> row = row_of(n);
        if (!is_out_of_date(n) && std::find(rows.begin(), rows.end(), row) == rows.end())
            fault(n, "does not have the values of a row");
        if (n.has(detail::node_flag::touched) && !n.image)
            fault(n, "may be changed without anybody noticing");
    }

    /// A change of an object that somebody may have changed is noticed.
    void check_watched(node& n) {
        if (!n.has(detail::node_flag::touched) || !n.image || is_out_of_date(n)) return;
        for (const property& p : n.type->properties()) {
            void* member = static_cast<char*>(n.object()) + p.offset;
            if (p.column->primary_key || p.foreign_target || p.is_default(member)) continue;
            p.reset(member);
            if (!core_.has_changes()) fault(n, "was changed without anybody noticing");
            n.image->current.restore(n);
            return;
        }
    }

    /// `owner` has as many objects in its loaded collection as rows refer to it; check_links() and check_row() say the rest.
    void check_whole(node& owner, const relationship& r, const raw_database::content& database) {
        const detail::collection_base& many = detail::collection_of(owner, r);
        if (!many.is_loaded()) return;
        const std::vector<std::string> own = row_of(owner);
        const auto& rows = database.at(r.target().table().name()).rows;
        const auto refers = [&](const std::vector<std::string>& row) {
            return std::all_of(r.keys.begin(), r.keys.end(), [&](const relationship::key_pair& k) {
                return row[k.foreign] == own[k.referenced];
            });
        };
        const auto expected = static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), refers));
        if (many.slot_count() != expected) {
            fault(owner, "has " + std::to_string(many.slot_count()) + " objects in " + r.name + ", but " +
                             std::to_string(expected) + " rows refer to it");
        }
    }

    detail::session_core& core_;
    std::vector<node*> nodes_;
    std::map<const mapper*, std::size_t> known_; // persistent objects of each class
    std::string faults_;
};

} // namespace

session_audit::session_audit(kin::session& s) {
    const kin::ref<Visitor> visitor = s.add(Visitor{});
    core_ = static_cast<detail::session_core*>(visitor.raw()->context);
    s.expunge(visitor);
}

std::string session_audit::links() const {
    auditor a(*core_);
    a.check_links();
    return a.take();
}

std::string session_audit::settled(const raw_database::content& database) const {
    auditor a(*core_);
    a.check_settled(database);
    return a.take();
}

void session_audit::refresh_all() const {
    core_->storage().for_each([this](node& n) {
        if (n.context == core_ && n.state == object_state::persistent) core_->refresh(n);
    });
}

kin::connection& session_audit::lease() const { return core_->reading(); }

bool session_audit::waits_for_rollback() const {
    try {
        core_->check_usable();
        return false;
    } catch (const pending_rollback&) {
        return true;
    }
}

} // namespace kin::testing
