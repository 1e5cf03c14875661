// SPDX-License-Identifier: MIT
#include "model/object_access.hpp"

#include <charconv>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <utility>

#include "model/world.hpp"

namespace model {

namespace {

using namespace model_world;

template <class T> kin::ref<T> typed(const any_ref& object) { return kin::ref<T>(object.raw()); }

template <class T> std::vector<any_ref> untyped(const std::vector<kin::ref<T>>& objects) {
    return {objects.begin(), objects.end()};
}

int number_in(std::string_view text, std::size_t first) {
    int found = -1;
    if (text.size() > first) std::from_chars(text.data() + first, text.data() + text.size(), found);
    return found;
}

// ---- codes and keys, which are text or numbers ----

template <class M> int code_in(const M& member) {
    if constexpr (requires { member.has_value(); }) {
        return member ? code_in(*member) : 0;
    } else if constexpr (std::is_convertible_v<const M&, std::string_view>) {
        return number_in(member, 1);
    } else {
        return member;
    }
}
template <class M> void put_code(M& member, int code) {
    if constexpr (requires { member.has_value(); }) {
        if (code == 0)
            member = std::nullopt;
        else
            put_code(member.emplace(), code);
    } else if constexpr (std::is_convertible_v<const M&, std::string_view>) {
        member = code_text(code);
    } else {
        member = code;
    }
}
template <class M> std::optional<int> key_in(const M& member) {
    if constexpr (requires { member.has_value(); }) {
        return member ? key_in(*member) : std::nullopt;
    } else if constexpr (std::is_convertible_v<const M&, std::string_view>) {
        return std::string_view(member).empty() ? std::nullopt : std::optional<int>(number_in(member, 1));
    } else {
        return member == 0 ? std::nullopt : std::optional<int>(member);
    }
}
template <class M> void put_key(M& member, std::optional<int> key) {
    if constexpr (requires { member.has_value(); }) {
        if (key)
            put_key(member.emplace(), key);
        else
            member = std::nullopt;
    } else {
        put_code(member, key.value());
    }
}

// ---- relationships ----

template <class M> inline constexpr bool is_single = false;
template <class T, auto K> inline constexpr bool is_single<kin::has_one<T, K>> = true;

template <auto Many> struct collection_of {
    using owner = kin::detail::model_type<Many>;
    using member = kin::detail::member_type<Many>;
    using target = typename member::target_type;
    static constexpr bool single = is_single<member>;

    static member& edit(const any_ref& o) { return typed<owner>(o).edit().*Many; }
    static const member& look(const any_ref& o) {
        const kin::ref<owner> object = typed<owner>(o);
        return (*object).*Many;
    }

    static bool is_loaded(const any_ref& o) { return look(o).is_loaded(); }
    static std::vector<any_ref> read(const any_ref& o) {
        std::vector<any_ref> found;
        if constexpr (single) {
            if (look(o)) found.emplace_back(look(o).get());
        } else {
            for (const auto& object : look(o)) found.emplace_back(object);
        }
        return found;
    }
    static void push(const any_ref& o, const any_ref& object) {
        if constexpr (single)
            edit(o) = typed<target>(object);
        else
            edit(o).push_back(typed<target>(object));
    }
    static void insert(const any_ref& o, std::size_t position, const any_ref& object) {
        if constexpr (single) {
            edit(o) = typed<target>(object);
        } else {
            member& many = edit(o);
            many.insert(std::min(position, many.size()), typed<target>(object));
        }
    }
    static bool erase(const any_ref& o, const any_ref& object) {
        if constexpr (single) {
            const bool was = edit(o) == typed<target>(object);
            if (was) edit(o) = nullptr;
            return was;
        } else {
            return edit(o).erase(typed<target>(object));
        }
    }
    static void assign(const any_ref& o, std::span<const any_ref> objects) {
        if constexpr (single) {
            edit(o) = objects.empty() ? kin::ref<target>() : typed<target>(objects.front());
        } else {
            std::vector<kin::ref<target>> all;
            for (const any_ref& object : objects) all.push_back(typed<target>(object));
            edit(o) = all;
        }
    }
    static void clear(const any_ref& o) {
        if constexpr (single)
            edit(o) = nullptr;
        else
            edit(o).clear();
    }
    static bool contains(const any_ref& o, const any_ref& object) {
        if constexpr (single)
            return look(o) == typed<target>(object);
        else
            return look(o).contains(typed<target>(object));
    }
    static std::size_t count(const any_ref& o) {
        if constexpr (single)
            return look(o) ? 1 : 0;
        else
            return look(o).count();
    }

    static constexpr collection_access functions{is_loaded, read,  push,     insert, erase,
                                                 assign,    clear, contains, count};
};

template <auto One, auto Key> struct reference_of {
    using owner = kin::detail::model_type<One>;
    using target = typename kin::detail::member_type<One>::target_type;

    static const owner& look(const any_ref& o) {
        const kin::ref<owner> object = typed<owner>(o);
        return *object;
    }
    static bool is_loaded(const any_ref& o) { return (look(o).*One).is_loaded(); }
    static any_ref read(const any_ref& o) { return (look(o).*One).get(); }
    static void assign(const any_ref& o, const any_ref& to) {
        typed<owner>(o).edit().*One = typed<target>(to);
    }
    static void preset(void* made, const any_ref& to) { static_cast<owner*>(made)->*One = typed<target>(to); }
    static std::optional<int> key(const any_ref& o) { return key_in(look(o).*Key); }
    static void set_key(const any_ref& o, std::optional<int> key) {
        put_key(typed<owner>(o).edit().*Key, key);
    }
};
template <auto One, auto Key, auto Many> constexpr reference_access two_sided() {
    using r = reference_of<One, Key>;
    return {r::is_loaded, r::read, r::assign, r::preset, r::key, r::set_key, &collection_of<Many>::functions};
}
template <auto One, auto Key> constexpr reference_access one_sided() {
    using r = reference_of<One, Key>;
    return {r::is_loaded, r::read, r::assign, r::preset, r::key, r::set_key, nullptr};
}

constexpr std::array<reference_access, references.size()> all_references{
    two_sided<&Player::team, &Player::team_id, &Team::players>(),
    two_sided<&Player::country, &Player::country_code, &Country::players>(),
    one_sided<&Team::captain, &Team::captain_id>(),
    two_sided<&Award::player, &Award::player_id, &Player::awards>(),
    two_sided<&Note::award, &Note::award_id, &Award::notes>(),
    two_sided<&Contract::team, &Contract::team_id, &Team::contracts>(),
    two_sided<&News::team, &News::team_id, &Team::news>(),
    two_sided<&Passport::player, &Passport::player_id, &Player::passport>(),
    two_sided<&License::player, &License::player_id, &Player::license>(),
    two_sided<&Topic::parent, &Topic::parent_id, &Topic::children>(),
    two_sided<&Step::next, &Step::next_code, &Step::previous>(),
};
constexpr std::array<pairing_access, pairings.size()> all_pairings{{
    {&collection_of<&Player::skills>::functions, &collection_of<&Skill::players>::functions},
    {&collection_of<&Skill::needs>::functions, &collection_of<&Skill::needed_by>::functions},
    {&collection_of<&Topic::skills>::functions, nullptr},
}};

// ---- classes ----

template <class T, class Query> Query with_relations(Query q) {
    if constexpr (std::is_same_v<T, Team>)
        return std::move(q).with(kin::selectin<&Team::players>, kin::selectin<&Team::news>);
    else if constexpr (std::is_same_v<T, Player>)
        return std::move(q).with(kin::selectin<&Player::awards, &Award::notes>,
                                 kin::selectin<&Player::skills>, kin::selectin<&Player::license>);
    else if constexpr (std::is_same_v<T, Topic>)
        return std::move(q).with(kin::selectin<&Topic::children>, kin::selectin<&Topic::skills>);
    else if constexpr (std::is_same_v<T, Skill>)
        return std::move(q).with(kin::selectin<&Skill::players>, kin::selectin<&Skill::needed_by>);
    else if constexpr (std::is_same_v<T, Contract>)
        return std::move(q).with(kin::selectin<&Contract::team, &Team::players>);
    else if constexpr (std::is_same_v<T, Passport>)
        return std::move(q).with(kin::selectin<&Passport::player>);
    else
        return q;
}

template <class T> struct kind_of_class {
    static any_ref make(int mark, const values& v, std::span<const any_ref> targets) {
        T object;
        object.mark = mark;
        put(object, v);
        const kind own = index();
        for (std::size_t r = 0; r < references.size(); ++r) {
            const reference_rule& rule = references[r];
            if (rule.from == own && rule.slot < targets.size() && targets[rule.slot])
                all_references[r].preset(&object, targets[rule.slot]);
        }
        return kin::make(std::move(object));
    }
    static facts read(const any_ref& o) {
        const kin::ref<T> object = typed<T>(o);
        facts f{.mark = object->mark};
        if constexpr (requires { object->id; }) f.id = object->id;
        f.content.label = number_in(object->label, 6);
        if constexpr (requires { object->code; }) f.content.code = code_in(object->code);
        if constexpr (requires { object->number; }) f.content.number = object->number;
        return f;
    }
    static void write(const any_ref& o, const values& v) {
        const values before = read(o).content;
        T& object = typed<T>(o).edit();
        if (before.label != v.label) object.label = label_text(v.label);
        if constexpr (requires { object.code; }) {
            if (before.code != v.code) put_code(object.code, v.code);
        }
        if constexpr (requires { object.number; }) object.number = v.number;
    }
    static void touch(const any_ref& o) { (void)typed<T>(o).edit(); }
    static std::vector<any_ref> query(kin::session& s, bool eager) {
        auto q = s.query<T>().order_by(kin::col<&T::mark>);
        return untyped(eager ? with_relations<T>(std::move(q)).all() : q.all());
    }
    static any_ref get(kin::session& s, int key) {
        if constexpr (requires(T t) { t.id; })
            return s.get<T>(key);
        else
            return s.get<T>(code_text(key));
    }
    static void add(kin::session& s, const any_ref& o) { s.add(typed<T>(o)); }

    static void put(T& object, const values& v) {
        object.label = label_text(v.label);
        if constexpr (requires { object.code; }) put_code(object.code, v.code);
        if constexpr (requires { object.number; }) object.number = v.number;
    }
    static kind index();
    static constexpr class_access functions{make, read, write, touch, query, get, add};
};

struct known_class {
    const kin::mapper& (*mapper)();
    const class_access* functions;
};
template <class T> constexpr known_class known() {
    return {&kin::mapper_of<T>, &kind_of_class<T>::functions};
}
constexpr std::array<known_class, kinds> all_classes{
    known<Country>(), known<Team>(),     known<Player>(),  known<Award>(), known<Note>(),  known<Contract>(),
    known<News>(),    known<Passport>(), known<License>(), known<Skill>(), known<Topic>(), known<Step>(),
};

kind kind_of_mapper(const kin::mapper* type) {
    for (std::size_t i = 0; i < all_classes.size(); ++i)
        if (&all_classes[i].mapper() == type) return static_cast<kind>(i);
    throw std::runtime_error("an object of a class that is not of this world");
}

template <class T> kind kind_of_class<T>::index() {
    static const kind own = kind_of_mapper(&kin::mapper_of<T>());
    return own;
}

} // namespace

const class_access& access_of(kind k) { return *all_classes[index_of(k)].functions; }
const reference_access& access_of_reference(std::size_t name) { return all_references[name]; }
const pairing_access& access_of_pairing(std::size_t number) { return all_pairings[number]; }

kind kind_of(const any_ref& object) { return kind_of_mapper(object.raw()->type); }
facts facts_of(const any_ref& object) { return access_of(kind_of(object)).read(object); }

// Long enough that a copy takes memory.
std::string label_text(int label) { return "label " + std::to_string(label) + " of a thing"; }
std::string code_text(int code) { return "c" + std::to_string(code); }

int label_number(std::string_view label) { return number_in(label, 6); }
int code_number(std::string_view code) { return code.empty() ? 0 : number_in(code, 1); }

} // namespace model
