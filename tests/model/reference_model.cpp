// SPDX-License-Identifier: MIT
#include "model/reference_model.hpp"

#include <algorithm>
#include <cctype>

namespace model {

namespace {

const reference_rule& rule(std::size_t reference) { return references[reference]; }

template <class F> void for_each_reference_from(kind of, F&& f) {
    for (std::size_t r = 0; r < references.size(); ++r)
        if (references[r].from == of) f(r);
}
template <class F> void for_each_reference_to(kind of, F&& f) {
    for (std::size_t r = 0; r < references.size(); ++r)
        if (references[r].to == of) f(r);
}

bool has_row(life l) { return l == life::persistent || l == life::removing; }

void erase_links_of(link_sets& links, int mark) {
    for (std::set<link>& set : links)
        std::erase_if(set, [&](const link& l) { return l.first == mark || l.second == mark; });
}

} // namespace

std::string name_of(kind of, int mark) {
    std::string name = rule_of(of).name;
    name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
    return name + std::to_string(mark);
}

// ---- what is there ----

bool reference_model::is_usable(int mark) const {
    const life l = at(mark).state;
    return l == life::transient || l == life::pending || l == life::persistent;
}

bool reference_model::in_session(int mark) const {
    const life l = at(mark).state;
    return l == life::pending || has_row(l);
}

std::vector<int> reference_model::children_of(std::size_t reference, int parent) const {
    const reference_rule& r = rule(reference);
    std::vector<int> found;
    for (int i = 0; i < size(); ++i) {
        const item& x = at(i);
        if (x.of != r.from || x.state == life::deleted || x.state == life::gone) continue;
        if (x.targets[r.slot] == parent) found.push_back(i);
    }
    return found;
}

int reference_model::target_of(std::size_t reference, int child) const {
    return at(child).targets[rule(reference).slot];
}

std::vector<int> reference_model::partners_of(std::size_t pairing, int mark, bool is_left) const {
    std::vector<int> found;
    for (const link& l : now_.links[pairing]) {
        if ((is_left ? l.first : l.second) == mark) found.push_back(is_left ? l.second : l.first);
    }
    std::sort(found.begin(), found.end());
    return found;
}

bool reference_model::are_linked(std::size_t pairing, int left, int right) const {
    return now_.links[pairing].contains({left, right});
}

int reference_model::key_of(int mark) const {
    return rule_of(at(mark).of).key_is_code ? at(mark).now.code : at(mark).id;
}

bool reference_model::has_orphans() const {
    return std::any_of(now_.items.begin(), now_.items.end(), [](const item& x) {
        return x.orphan && (x.state == life::pending || x.state == life::persistent);
    });
}

bool reference_model::has_work() const {
    const auto has_work = [&](int i) {
        const item& x = at(i);
        if (x.state == life::removing || (x.state == life::pending && !x.orphan)) return true;
        return x.state == life::persistent && (x.orphan || now_.rows.rows.at(i) != row_of(x));
    };
    for (int i = 0; i < size(); ++i)
        if (has_work(i)) return true;
    state after = now_;
    write(after, false);
    return after.rows.links != now_.rows.links;
}

bool reference_model::is_known_outside(int mark) const {
    bool known = false;
    for_each_reference_to(at(mark).of, [&](std::size_t r) {
        if (rule(r).many) return;
        for (const int c : children_of(r, mark)) known = known || at(c).state == life::transient;
    });
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        if (pairings[p].of_right || pairings[p].right != at(mark).of) continue;
        for (const int c : partners_of(p, mark, false)) known = known || at(c).state == life::transient;
    }
    return known;
}

bool reference_model::may_become_orphan(std::size_t reference, int child) const {
    if (!rule(reference).orphans_go || at(child).state != life::pending) return true;
    bool alone = true;
    for_each_reference_to(at(child).of, [&](std::size_t r) {
        for (const int c : children_of(r, child)) alone = alone && at(c).state != life::persistent;
    });
    return alone;
}

row reference_model::row_of(const item& x) {
    return {.of = x.of, .id = x.id, .content = x.now, .targets = x.targets};
}

// ---- changes in memory ----

int reference_model::make(kind of, const values& v) {
    now_.items.push_back({.of = of, .now = v});
    return size() - 1;
}

void reference_model::add(int mark) {
    if (at(mark).state == life::removing) stay(mark);
    take_in(mark);
}

std::vector<int> reference_model::neighbours_of(int mark) const {
    std::vector<int> found;
    for_each_reference_from(at(mark).of, [&](std::size_t r) {
        if (target_of(r, mark) >= 0) found.push_back(target_of(r, mark));
    });
    for_each_reference_to(at(mark).of, [&](std::size_t r) {
        if (!rule(r).many) return;
        for (const int c : children_of(r, mark)) found.push_back(c);
    });
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        if (pairings[p].left == at(mark).of) {
            for (const int m : partners_of(p, mark, true)) found.push_back(m);
        }
        if (pairings[p].right == at(mark).of && pairings[p].of_right) {
            for (const int m : partners_of(p, mark, false)) found.push_back(m);
        }
    }
    return found;
}

/// Everything that is linked to `start` comes along; what is in the session has brought its own.
void reference_model::take_in(int start) {
    std::vector<int> open{start};
    while (!open.empty()) {
        const int mark = open.back();
        open.pop_back();
        item& x = now_[mark];
        if (x.state != life::transient && mark != start) continue;
        if (x.state == life::transient) {
            x.state = life::pending;
            find_targets(mark);
        }
        for (const int n : neighbours_of(mark))
            if (at(n).state == life::transient) open.push_back(n);
    }
}

namespace {

int row_of_key(const database& d, kind of, int key) {
    for (const auto& [mark, x] : d.rows)
        if (x.of == of && (rule_of(of).key_is_code ? x.content.code : x.id) == key) return mark;
    return nobody;
}

} // namespace

int reference_model::row_with_key(kind of, int key) const { return row_of_key(now_.rows, of, key); }

/// By the foreign keys that it has already.
void reference_model::find_targets(int mark) {
    for_each_reference_from(at(mark).of, [&](std::size_t r) {
        const int key = now_[mark].loose_keys[rule(r).slot];
        if (key == 0) return;
        const int target = row_with_key(rule(r).to, key);
        // A row that goes may be taken over by another object.
        const bool stays = target != nobody && at(target).state != life::removing;
        set_key(r, mark, stays ? target : unknown);
        if (target == nobody) now_[mark].loose_keys[rule(r).slot] = key;
    });
}

/// Of two that were linked, one in the session takes the other in.
void reference_model::settle(int a, int b) {
    if (in_session(a) && at(b).state == life::transient) take_in(b);
    if (in_session(b) && at(a).state == life::transient) take_in(a);
}

void reference_model::set_target(std::size_t reference, int child, int target) {
    const reference_rule& r = rule(reference);
    const int before = target_of(reference, child);
    if (before == target) return;
    if (r.one && target != nobody) {
        for (const int there : children_of(reference, target)) set_target(reference, there, nobody);
    }
    set_key(reference, child, target);
    if (target >= 0) settle(child, target);
}

void reference_model::set_key(std::size_t reference, int child, int target) {
    const reference_rule& r = rule(reference);
    item& x = now_[child];
    if (r.orphans_go) {
        const bool left = target == nobody && x.targets[r.slot] != nobody && in_session(child);
        x.orphan = left || (x.orphan && target == nobody);
    }
    x.targets[r.slot] = target;
    x.loose_keys[r.slot] = 0;
}

void reference_model::set_link(std::size_t pairing, int left, int right, bool linked) {
    if (!linked) {
        now_.links[pairing].erase({left, right});
        return;
    }
    if (now_.links[pairing].insert({left, right}).second) settle(left, right);
}

void reference_model::set_values(int mark, const values& v) { now_[mark].now = v; }

void reference_model::remove(int mark) { remove_from(now_, mark); }

/// Those that go along are found by what refers to what in memory. Who has no row yet simply leaves.
void reference_model::remove_from(state& s, int start) {
    std::vector<int> open{start};
    while (!open.empty()) {
        const int mark = open.back();
        open.pop_back();
        item& x = s[mark];
        if (x.state != life::pending && x.state != life::persistent) continue;
        x.state = x.state == life::pending ? life::gone : life::removing;
        for_each_reference_to(x.of, [&](std::size_t r) {
            if (rule(r).at_removal != farewell::removed) return;
            for (int i = 0; i < s.size(); ++i)
                if (s[i].of == rule(r).from && s[i].targets[rule(r).slot] == mark) open.push_back(i);
        });
    }
}

bool reference_model::may_stay(int mark) const {
    bool alone = at(mark).state == life::removing && !at(mark).orphan;
    for_each_reference_to(at(mark).of, [&](std::size_t r) {
        if (rule(r).at_removal != farewell::removed) return;
        for (const item& x : now_.items)
            if (x.of == rule(r).from && x.targets[rule(r).slot] == mark && x.state != life::deleted)
                alone = false;
    });
    for_each_reference_from(at(mark).of, [&](std::size_t r) {
        const int target = target_of(r, mark);
        if (target >= 0 && at(target).state == life::removing) alone = false;
    });
    return alone;
}

void reference_model::stay(int mark) { now_[mark].state = life::persistent; }

std::vector<int> reference_model::refreshed_with(int mark) const {
    std::vector<int> found{mark};
    for (std::size_t i = 0; i < found.size(); ++i) {
        for_each_reference_to(at(found[i]).of, [&](std::size_t r) {
            if (!rule(r).cascades) return;
            for (const int c : children_of(r, found[i]))
                if (std::find(found.begin(), found.end(), c) == found.end()) found.push_back(c);
        });
    }
    return found;
}

void reference_model::refresh(int mark) {
    for (const int m : refreshed_with(mark)) {
        item& x = now_[m];
        if (!has_row(x.state)) continue;
        const row& r = now_.rows.rows.at(m);
        x.now = r.content;
        x.targets = r.targets;
        x.orphan = false;
    }
}

// ---- flush ----

/// A new orphan leaves the session, with the new ones that are a part of it.
void reference_model::let_go(state& s, int start) {
    std::vector<int> open{start};
    while (!open.empty()) {
        const int mark = open.back();
        open.pop_back();
        if (s[mark].state == life::pending) s[mark].state = life::transient;
        s[mark].orphan = s[mark].orphan && s[mark].state != life::transient;
        for_each_reference_to(s[mark].of, [&](std::size_t r) {
            if (!rule(r).cascades) return;
            for (int i = 0; i < s.size(); ++i)
                if (s[i].of == rule(r).from && s[i].targets[rule(r).slot] == mark) open.push_back(i);
        });
    }
}

void reference_model::prepare(state& s, bool everything) {
    for (int i = 0; everything && i < s.size(); ++i) {
        if (!s[i].orphan) continue;
        if (s[i].state == life::persistent) remove_from(s, i);
        if (s[i].state == life::pending) let_go(s, i);
    }
    // Rows that were read again may have led children back to a parent that goes.
    for (int i = 0; i < s.size(); ++i) {
        const item& x = s[i];
        if (x.state != life::persistent) continue;
        for_each_reference_from(x.of, [&](std::size_t r) {
            const int target = x.targets[rule(r).slot];
            if (target >= 0 && s[target].state == life::removing && rule(r).at_removal == farewell::removed)
                remove_from(s, i);
        });
    }
    for (int i = 0; i < s.size(); ++i) {
        if (s[i].state != life::removing) continue;
        for_each_reference_to(s[i].of, [&](std::size_t r) {
            if (rule(r).at_removal != farewell::unlinked) return;
            for (item& x : s.items)
                if (x.of == rule(r).from && x.targets[rule(r).slot] == i) x.targets[rule(r).slot] = nobody;
        });
    }
}

/// A new object with the key of a removed one takes its row over, and those that refer to it.
void reference_model::hand_over(state& s, int removed) {
    const auto takes_over = [&](const item& x) {
        return x.of == s[removed].of && x.state == life::pending && !x.orphan &&
               x.now.code == s.rows.rows.at(removed).content.code;
    };
    int heir = nobody;
    for (int i = 0; rule_of(s[removed].of).key_is_code && i < s.size(); ++i)
        if (takes_over(s[i])) heir = i;
    if (heir == nobody) return;
    for_each_reference_to(s[removed].of, [&](std::size_t r) {
        for (item& x : s.items)
            if (x.of == rule(r).from && x.targets[rule(r).slot] == removed && x.state != life::removing)
                x.targets[rule(r).slot] = heir;
    });
}

void reference_model::write(state& s, bool everything) {
    prepare(s, everything);
    for (int i = 0; i < s.size(); ++i)
        if (s[i].state == life::removing) hand_over(s, i);
    for (int i = 0; i < s.size(); ++i) {
        item& x = s[i];
        if (x.state == life::removing) {
            x.state = life::deleted;
            x.orphan = false;
            s.rows.rows.erase(i);
            erase_links_of(s.links, i);
        }
        if (x.orphan) continue;
        if (x.state == life::pending) {
            x.state = life::persistent;
            x.at_insert = x.now;
        }
        if (x.state == life::persistent) s.rows.rows[i] = row_of(x);
    }
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        s.rows.links[p] = s.links[p];
        std::erase_if(s.rows.links[p], [&](const link& l) {
            return s[l.first].state != life::persistent || s[l.second].state != life::persistent;
        });
    }
}

void reference_model::judge_rows(const state& after, verdict& v) {
    std::set<std::array<int, 4>> taken;
    bool may_be_found = false; // a new row may get the key that is waited for
    const auto take = [&](std::array<int, 4> value) {
        if (!taken.insert(value).second) v.possible.insert(failure::unique);
    };
    const auto& rows = after.rows.rows;
    for (const auto& [mark, r] : rows) {
        const class_rule& c = rule_of(r.of);
        const int of = static_cast<int>(r.of);
        if (c.has_code && r.content.code != 0) take({of, 0, r.content.code, 0});
        if (c.has_number && r.targets[0] != nobody) take({of, 1, r.targets[0], r.content.number});
        for_each_reference_from(r.of, [&](std::size_t i) {
            const int target = r.targets[rule(i).slot];
            if (target == nobody ? rule(i).required : !rows.contains(target))
                v.possible.insert(failure::missing);
            if (target == unknown) may_be_found = true;
            // Where NULL is not allowed, "nobody" is a key like any other.
            if (rule(i).one && (target != nobody || rule(i).required))
                take({of, 2, static_cast<int>(i), target});
        });
    }
    v.certain = !v.possible.empty() && !may_be_found;
}

namespace {

/// A new row has the key of a removed one: whoever writes over that row opens the ring.
bool takes_rows_over(const std::map<int, row>& was, const std::map<int, row>& is, kind of) {
    std::set<int> freed;
    for (const auto& [mark, r] : was)
        if (r.of == of && !is.contains(mark)) freed.insert(r.content.code);
    return std::any_of(is.begin(), is.end(), [&](const auto& r) {
        return r.second.of == of && !was.contains(r.first) && freed.contains(r.second.content.code);
    });
}

} // namespace

void reference_model::judge_rings(const state& before, const state& after, verdict& v) {
    const auto& was = before.rows.rows;
    const auto& is = after.rows.rows;
    for (std::size_t r = 0; r < references.size(); ++r) {
        if (!rule(r).required) continue;
        const std::size_t slot = rule(r).slot;
        for (const auto& [mark, start] : is) {
            if (start.of != rule(r).from) continue;
            // New rows: each refers to the next, and the last to the first.
            int next = start.targets[slot];
            std::size_t steps = 1;
            while (rule(r).from == rule(r).to && next != nobody && next != mark && is.contains(next) &&
                   !was.contains(next) && steps++ < is.size())
                next = is.at(next).targets[slot];
            if (!was.contains(mark) && next == mark && steps > 1) {
                v.possible.insert(failure::ring);
                v.certain = v.certain || !takes_rows_over(was, is, start.of);
            }
            if (!rule(r).one || !was.contains(mark)) continue;
            // Rows that take what the next one has: the last takes what the first had.
            const auto holder_before = [&](int target) {
                for (const auto& [m, x] : was)
                    if (x.of == rule(r).from && x.targets[slot] == target && is.contains(m)) return m;
                return nobody;
            };
            int at = mark;
            std::size_t length = 0;
            do {
                at = holder_before(is.at(at).targets[slot]);
            } while (at != nobody && at != mark && ++length < is.size());
            if (at == mark && length > 0) {
                v.possible.insert(failure::unique_ring);
                v.certain = true;
            }
        }
    }
}

/// Rows of one class that go, or get another key, while others of it refer to them, or are to.
void reference_model::judge_row_by_row(const state& before, const state& after, verdict& v) {
    const auto keeps_its_key = [&](int mark) {
        const auto was = before.rows.rows.find(mark);
        const auto is = after.rows.rows.find(mark);
        if (was == before.rows.rows.end()) return true;
        return is != after.rows.rows.end() && is->second.content.code == was->second.content.code;
    };
    for (const reference_rule& r : references) {
        if (r.from != r.to || r.at_removal != farewell::untouched) continue;
        for (const state* s : {&before, &after}) {
            for (const auto& [mark, x] : s->rows.rows)
                if (x.of == r.from && !keeps_its_key(x.targets[r.slot]))
                    v.possible.insert({failure::missing, failure::ring});
        }
    }
}

verdict reference_model::judge_flush(bool everything) const {
    state after = now_;
    write(after, everything);
    verdict v;
    judge_rows(after, v);
    judge_rings(now_, after, v);
    if (!checks_keys_at_end_) judge_row_by_row(now_, after, v);
    if (!everything && has_orphans())
        v.certain = false; // what waits with the orphans may be what does not fit
    return v;
}

/// Keys that no row had when they came into the session: somebody has them now.
void reference_model::find_unknown(const database& seen) {
    for (int i = 0; i < size(); ++i) {
        const auto at = seen.rows.find(i);
        for (std::size_t slot = 0; at != seen.rows.end() && slot < most_references; ++slot)
            if (now_[i].targets[slot] == unknown) now_[i].targets[slot] = at->second.targets[slot];
    }
}

std::string reference_model::flushed(const database& seen) {
    find_unknown(seen);
    write(now_, true);
    waits_ = false;
    for (auto& [mark, r] : now_.rows.rows) {
        const auto at = seen.rows.find(mark);
        if (r.id != 0 || rule_of(r.of).key_is_code || at == seen.rows.end()) continue;
        r.id = at->second.id;
        now_[mark].id = r.id;
    }
    return difference(seen, now_.rows);
}

std::string reference_model::autoflushed(const database& seen) {
    if (!has_orphans()) return flushed(seen);
    find_unknown(seen);
    const database before = now_.rows;
    state full = now_;
    write(full, false);
    std::string faults;
    const auto fault = [&](int mark, const char* what) {
        faults += name_of(at(mark).of, mark) + std::string(what) + "\n";
    };
    for (int i = 0; i < size(); ++i) {
        const auto find = [&](const database& d) {
            const auto found = d.rows.find(i);
            return found == d.rows.end() ? row{} : found->second;
        };
        const row was = find(before);
        row wanted = find(full.rows);
        const row is = find(seen);
        item& x = now_[i];
        if (x.state == life::pending && is != row{}) wanted.id = is.id;
        if (is != was && is != wanted) fault(i, " has a row that is neither as before nor as in memory");
        if (is == was && was != wanted) continue; // waits
        if (x.orphan && x.state != life::removing) continue;
        x.state = full[i].state;
        x.targets = full[i].targets;
        x.id = wanted.id;
        x.at_insert = full[i].at_insert;
        if (x.state == life::deleted) erase_links_of(now_.links, i);
    }
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        for (const link& l : seen.links[p]) {
            if (!before.links[p].contains(l) && !full.rows.links[p].contains(l))
                fault(l.first, " has a link that nobody made");
        }
        for (const link& l : before.links[p]) {
            if (full.rows.links[p].contains(l) && !seen.links[p].contains(l))
                fault(l.first, " has lost a link");
        }
    }
    now_.rows = seen;
    waits_ = true;
    return faults;
}

// ---- transactions ----

void reference_model::committed_now() {
    for (item& x : now_.items)
        if (x.state == life::deleted) x.state = life::gone;
    past_.resize(1);
    past_.front() = now_;
}

/// What had a row then is as it was then. What had none has none, and keeps its links to others of its kind.
void reference_model::restore(const state& past) {
    const state was = std::exchange(now_, past);
    undone_ = was.rows;
    stood_by_.clear();
    for (const item& x : was.items) stood_by_.push_back(x.state == life::transient);
    waits_ = false;
    for (int i = 0; i < was.size(); ++i) {
        const life then = i < past.size() ? past[i].state : life::transient;
        item x = was[i];
        if (i >= now_.size()) now_.items.push_back(x);
        if (x.state == life::gone) now_[i] = x;
        if (has_row(then) || then == life::deleted || x.state == life::gone) continue;
        if (x.state == life::persistent || x.state == life::removing || x.state == life::deleted)
            x.now = x.at_insert;
        x.state = life::transient;
        x.id = 0;
        x.orphan = false;
        now_[i] = x;
    }
    const auto is_new = [&](int mark) { return at(mark).state == life::transient; };
    for (item& x : now_.items) {
        if (x.state != life::transient) continue;
        for (int& target : x.targets)
            if (target < 0 || !is_new(target)) target = nobody;
    }
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        std::erase_if(now_.links[p], [&](const link& l) { return is_new(l.first) || is_new(l.second); });
        for (const link& l : was.links[p])
            if (is_new(l.first) && is_new(l.second)) now_.links[p].insert(l);
    }
}

void reference_model::rolled_back() {
    past_.resize(1);
    restore(state(past_.front()));
    past_.front() = now_;
}

void reference_model::savepoint_begun() { past_.push_back(now_); }
void reference_model::savepoint_released() { past_.pop_back(); }
void reference_model::savepoint_rolled_back() {
    restore(state(past_.back()));
    past_.pop_back();
}

void reference_model::closed() {
    rolled_back();
    for (int i = 0; i < size(); ++i)
        if (at(i).state == life::transient) forget(i);
    past_.front() = now_;
}

void reference_model::adopt_target(std::size_t reference, int child, int target) {
    now_[child].targets[rule(reference).slot] = target;
}

bool reference_model::is_nobodys_key(std::size_t reference, int child, int key) const {
    const reference_rule& r = rule(reference);
    // A row of the transaction that is undone may have had the key of one that is long gone.
    const bool stood_by =
        child < static_cast<int>(stood_by_.size()) && stood_by_[static_cast<std::size_t>(child)];
    return at(child).loose_keys[r.slot] == key && (stood_by || row_of_key(undone_, r.to, key) == nobody);
}

void reference_model::adopt_key(std::size_t reference, int child, int key) {
    now_[child].loose_keys[rule(reference).slot] = key;
}

void reference_model::adopt_link(std::size_t pairing, int left, int right, bool linked) {
    if (linked) {
        now_.links[pairing].insert({left, right});
    } else {
        now_.links[pairing].erase({left, right});
    }
}

void reference_model::forget(int mark) {
    now_[mark].state = life::gone;
    now_[mark].targets.fill(nobody);
    erase_links_of(now_.links, mark);
}

void reference_model::revive(int mark) { now_[mark].state = life::transient; }

std::string difference(const database& seen, const database& expected) {
    std::string text;
    const auto shown = [](const row& r) {
        return "(id " + std::to_string(r.id) + ", label " + std::to_string(r.content.label) + ", code " +
               std::to_string(r.content.code) + ", number " + std::to_string(r.content.number) +
               ", refers to " + std::to_string(r.targets[0]) + ", " + std::to_string(r.targets[1]) + ")";
    };
    for (const auto& [mark, r] : expected.rows) {
        const auto at = seen.rows.find(mark);
        if (at == seen.rows.end()) {
            text += "the row of " + name_of(r.of, mark) + " is not there\n";
        } else if (at->second != r) {
            text += "the row of " + name_of(r.of, mark) + " is " + shown(at->second) + ", expected " +
                    shown(r) + "\n";
        }
    }
    for (const auto& [mark, r] : seen.rows)
        if (!expected.rows.contains(mark))
            text += "the row of " + name_of(r.of, mark) + " should not be there\n";
    for (std::size_t p = 0; p < pairings.size(); ++p) {
        const auto name = [&](const link& l) {
            return "the link of " + name_of(pairings[p].left, l.first) + " and " +
                   name_of(pairings[p].right, l.second) + " by " + pairings[p].of_left;
        };
        for (const link& l : expected.links[p])
            if (!seen.links[p].contains(l)) text += name(l) + " is not there\n";
        for (const link& l : seen.links[p])
            if (!expected.links[p].contains(l)) text += name(l) + " should not be there\n";
    }
    return text;
}

} // namespace model
