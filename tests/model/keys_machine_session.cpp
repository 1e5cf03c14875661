// SPDX-License-Identifier: MIT
#include <utility>

#include "model/keys_machine.hpp"

// Removing, the ends of transactions and savepoints, and what reads objects or writes past them.

namespace keyed {

void machine::remove(const operation& o) {
    const std::size_t i = choose(o.a, static_cast<kind>(o.b % kinds), [&](std::size_t x) {
        return model_.things[x].state == life::persistent && !model_.owns_pending(x);
    });
    if (i == nobody) return;
    tell("remove " + model_.name(i));
    session_->remove(any(i));
    model_.remove(i);
}

/// Out of a collection with delete_orphan, and into none.
void machine::orphan(const operation& o) {
    const kind of = o.c % 2 ? kind::shelf : kind::sticker;
    const std::size_t i = choose(o.a, of, [&](std::size_t x) {
        const thing& t = model_.things[x];
        if (!usable(t.parent)) return false;
        return t.state == life::persistent ? !model_.owns_pending(x) : model_.children_of(x).empty();
    });
    if (i == nobody) return;
    thing& t = model_.things[i];
    tell("take " + model_.name(i) + " away from " + model_.name(t.parent));
    if (of == kind::shelf) {
        bindings_[t.parent].depot->shelves.erase(bindings_[i].shelf);
    } else {
        bindings_[t.parent].shelf->stickers.erase(bindings_[i].sticker);
    }
    t.left = true;
    if (t.state == life::persistent) {
        model_.remove(i);
    } else {
        t.state = life::gone;
    }
}

/// A new object takes the key of one that is removed in the same flush.
void machine::replace(const operation& o) {
    const std::size_t i = choose(o.a, static_cast<kind>(o.b % kinds), [&](std::size_t x) {
        const thing& t = model_.things[x];
        if (t.parent != nobody && !usable(t.parent)) return false;
        return t.of != kind::box && t.state == life::persistent && !model_.owns_pending(x);
    });
    if (i == nobody) return;
    session_->remove(any(i));
    model_.remove(i);
    thing t = model_.things[i];
    t.state = life::pending;
    t.tag = std::nullopt;
    t.note = fresh_note();
    const std::size_t n = add(t);
    tell("replace " + model_.name(i) + " by " + model_.name(n));
    const int mark = static_cast<int>(n);
    if (t.of == kind::depot)
        bindings_[n].depot = session_->add(Depot{.code = t.code, .note = t.note, .mark = mark});
    if (t.of == kind::shelf)
        bindings_[n].shelf = session_->add(Shelf{.number = t.number,
                                                 .note = t.note,
                                                 .slot = t.slot,
                                                 .mark = mark,
                                                 .depot = bindings_[t.parent].depot});
    if (t.of == kind::sticker)
        bindings_[n].sticker = session_->add(
            Sticker{.side = t.number, .note = t.note, .mark = mark, .shelf = bindings_[t.parent].shelf});
}

bool machine::flushed(const std::string& what, const std::function<void()>& call, const operation& o) {
    tell(what);
    const std::string conflict = model_.conflict();
    std::string thrown;
    try {
        call();
    } catch (const kin::error& e) {
        thrown = e.what();
        expect(!conflict.empty(), what + " failed: " + thrown);
        expect(e.code() == "unique_violation" || e.code() == "duplicate_identity",
               what + " failed with another error than two of one key: " + thrown);
    }
    if (!conflict.empty()) {
        expect(!thrown.empty(), what + " succeeded, though " + conflict);
        ++refused_;
        undo_failed(o);
        return false;
    }
    model_.flush();
    written();
    expect(!session_->has_changes(), "there are changes right after " + what + ": " + session_->plan());
    check_keys();
    check_places();
    return true;
}

void machine::undo_failed(const operation& o) {
    if (savepoint_ && savepoint_->is_active() && o.c % 2) {
        story_.back() += ", which fails; to the savepoint";
        savepoint_->rollback();
        model_.restore(at_savepoint_);
    } else {
        story_.back() += ", which fails; rollback";
        savepoint_.reset();
        session_->rollback();
        model_.restore(committed_);
    }
    savepoint_.reset();
    written();
}

void machine::written() {
    written_ = model_.things;
    rows_ = model_.rows();
    check_rows();
}

void machine::flush(const operation& o) {
    flushed("flush", [&] { session_->flush(); }, o);
}

void machine::commit(const operation& o) {
    if (savepoint_) return;
    if (!flushed("commit", [&] { session_->commit(); }, o)) return;
    committed_ = model_.things;
    check_settled();
}

void machine::rollback(const operation&) {
    tell("rollback");
    savepoint_.reset();
    session_->rollback();
    model_.restore(committed_);
    written();
    check_settled();
}

void machine::begin_savepoint(const operation& o) {
    if (savepoint_) return;
    const auto begin = [&] { savepoint_.emplace(session_->begin_nested()); };
    if (flushed("begin a savepoint", begin, o)) at_savepoint_ = model_.things;
}

void machine::end_savepoint(const operation& o) {
    if (!savepoint_) return;
    if (o.a % 2) {
        if (flushed("commit the savepoint", [&] { savepoint_->commit(); }, o)) savepoint_.reset();
        return;
    }
    tell("roll back to the savepoint");
    savepoint_->rollback();
    savepoint_.reset();
    model_.restore(at_savepoint_);
    written();
    check_keys();
}

void machine::read(const operation& o) {
    tell("read");
    std::uint32_t draw = o.b;
    for (std::size_t i = 0; i < model_.things.size(); ++i, draw = draw * 1664525U + 1013904223U) {
        if (!usable(i) || draw / 1024 % 3 == 0) continue;
        story_.back() += " " + model_.name(i);
        const binding& b = bindings_[i];
        if (b.depot) (void)std::as_const(*b.depot).shelves.size();
        if (b.shelf && draw / 4096 % 3 != 0) (void)std::as_const(*b.shelf).boxes.size();
        if (b.shelf && draw / 4096 % 3 != 1) (void)std::as_const(*b.shelf).stickers.size();
        if (b.shelf && draw / 4096 % 3 != 2) (void)bool(std::as_const(*b.shelf).depot);
        if (b.box) (void)bool(std::as_const(*b.box).shelf);
        if (b.sticker) (void)bool(std::as_const(*b.sticker).shelf);
    }
}

void machine::query(const operation& o) {
    if (!flushed("flush and query", [&] { session_->flush(); }, o)) return;
    const auto all = [&](auto of) {
        if (o.b % 3 == 0) return of.populate_existing().all();
        return of.all();
    };
    std::size_t rows = 0;
    const auto see = [&](const auto& objects) {
        for (const auto& x : objects) (void)found(x);
        rows = objects.size();
    };
    const std::size_t of = o.a % kinds;
    if (of == 0) see(all(session_->query<Depot>()));
    if (of == 1) see(all(session_->query<Shelf>()));
    if (of == 2) see(all(session_->query<Box>()));
    if (of == 3) see(all(session_->query<Sticker>()));
    expect(rows == rows_[of].size(), "a query does not find the rows that there are");
}

void machine::get(const operation& o) {
    if (!flushed("flush and get by key", [&] { session_->flush(); }, o)) return;
    for (std::size_t i = o.a % 3; i < model_.things.size(); i += 3) {
        const thing& t = model_.things[i];
        if (t.of == kind::box || t.state != life::persistent) continue;
        const auto is_it = [&](const auto& object) {
            expect(bool(object), "the key of " + model_.name(i) + " finds nobody");
            expect(found(object) == i, "the key of " + model_.name(i) + " finds another");
        };
        if (t.of == kind::depot) is_it(session_->get<Depot>(t.code));
        if (t.of == kind::shelf) is_it(session_->get<Shelf>(model_.things[t.parent].code, t.number));
        if (t.of == kind::sticker) {
            const thing& shelf = model_.things[t.parent];
            is_it(session_->get<Sticker>(model_.things[shelf.parent].code, shelf.number, t.number));
        }
    }
    for (char letter = 'a'; letter < 'm'; ++letter) {
        const std::string wanted(1, letter);
        bool known = false;
        for (const thing& t : model_.things)
            known = known || (t.of == kind::depot && t.state == life::persistent && t.code == wanted);
        expect(bool(session_->get<Depot>(wanted)) == known, "get() is wrong about the code " + wanted);
    }
}

void machine::expire(const operation& o) {
    static constexpr std::array ways{"expire ", "refresh ", "expire everything"};
    if (!flushed("flush", [&] { session_->flush(); }, o)) return;
    const std::size_t i = choose(o.a, static_cast<kind>(o.b % kinds));
    if (i == nobody) return;
    story_.back() += std::string(" and ") + ways[o.c % 3] + (o.c % 3 == 2 ? std::string() : model_.name(i));
    if (o.c % 3 == 0) session_->expire(any(i));
    if (o.c % 3 == 1) session_->refresh(any(i));
    if (o.c % 3 == 2) session_->expire_all();
}

/// A plain object with the key of a row.
void machine::merge(const operation& o) {
    if (!flushed("flush", [&] { session_->flush(); }, o)) return;
    const std::size_t i = choose(o.a, kind::sticker);
    if (i == nobody) return;
    story_.back() += " and merge " + model_.name(i);
    thing& t = model_.things[i];
    t.note = fresh_note();
    const thing& shelf = model_.things[t.parent];
    const auto merged = session_->merge(Sticker{.shelf_depot = model_.things[shelf.parent].code,
                                                .shelf_number = shelf.number,
                                                .side = t.number,
                                                .note = t.note,
                                                .mark = static_cast<int>(i)});
    expect(merged == bindings_[i].sticker, "merge gives another object than the session's own");
}

void machine::update_many(const operation& o) {
    if (!flushed("flush", [&] { session_->flush(); }, o)) return;
    const int least = static_cast<int>(o.a % (model_.things.size() + 1));
    const std::string note = fresh_note();
    const kind of = static_cast<kind>(o.b % kinds);
    story_.back() += " and update all of kind " + std::to_string(o.b % kinds) + " from mark " +
                     std::to_string(least) + " on";
    const auto run = [&]<class T>(T*) {
        session_->execute(kin::update<T>().set(kin::col<&T::note>, note).where(kin::col<&T::mark> >= least));
    };
    if (of == kind::depot) run(static_cast<Depot*>(nullptr));
    if (of == kind::shelf) run(static_cast<Shelf*>(nullptr));
    if (of == kind::box) run(static_cast<Box*>(nullptr));
    if (of == kind::sticker) run(static_cast<Sticker*>(nullptr));
    for (std::size_t i = static_cast<std::size_t>(least); i < model_.things.size(); ++i)
        if (model_.things[i].of == of && model_.things[i].state == life::persistent)
            model_.things[i].note = note;
    written();
}

void machine::remove_many(const operation& o) {
    if (!flushed("flush", [&] { session_->flush(); }, o)) return;
    const kind of = o.b % 2 ? kind::shelf : kind::sticker;
    const std::size_t i = choose(o.a, of, [&](std::size_t x) {
        for (std::size_t c : model_.children_of(x))
            if (model_.things[c].of == kind::box) return false;
        return true;
    });
    if (i == nobody) return;
    story_.back() += " and remove " + model_.name(i) + " by a statement";
    const int mark = static_cast<int>(i);
    if (of == kind::shelf)
        session_->execute(kin::remove_from<Shelf>().where(kin::col<&Shelf::mark> == mark));
    else
        session_->execute(kin::remove_from<Sticker>().where(kin::col<&Sticker::mark> == mark));
    model_.remove(i);
    model_.flush();
    written();
}

void machine::raw_update(const operation& o) {
    if (!flushed("flush", [&] { session_->flush(); }, o)) return;
    const std::string note = fresh_note();
    story_.back() += ", update all stickers by raw SQL and expire everything";
    session_->execute("UPDATE sticker SET note = :note", {{"note", note}});
    session_->expire_all();
    for (thing& t : model_.things)
        if (t.of == kind::sticker && t.state == life::persistent) t.note = note;
    written();
}

void machine::reopen(const operation& o) {
    if (o.a % 2) return;
    tell("close and reopen");
    savepoint_.reset();
    session_->close();
    model_.restore(committed_);
    for (binding& b : bindings_) b = {};
    session_.emplace(db_.session());
    written();
}

} // namespace keyed
