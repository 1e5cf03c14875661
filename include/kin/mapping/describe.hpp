// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kin/base/field.hpp"
#include "kin/base/reflect.hpp"
#include "kin/mapping/attribute.hpp"
#include "kin/mapping/cascade.hpp"
#include "kin/mapping/checks.hpp"
#include "kin/mapping/column_callbacks.hpp"
#include "kin/mapping/column_default.hpp"
#include "kin/mapping/foreign_key_description.hpp"
#include "kin/mapping/mapper_builder.hpp"
#include "kin/mapping/member_facts.hpp"

namespace kin {

template <class T> const mapper& mapper_of();

namespace detail {

template <class M> struct member_functions;

template <class T, auto Member> inline constexpr bool is_member_of = std::is_base_of_v<model_type<Member>, T>;

template <auto Member>
inline constexpr bool is_foreign_key_member = field_traits<member_type<Member>>::is_foreign_key;

template <class M> inline constexpr bool may_have_options = !std::is_same_v<unwrapped_t<M>, M>;

/// What the type of a column member says.
template <class M>
inline constexpr column_facts facts_of_column = [] {
    using traits = field_traits<M>;
    column_facts facts;
    facts.encode = &member_functions<M>::encode;
    facts.decode = &member_functions<M>::decode;
    facts.reset = &member_functions<M>::reset;
    facts.take = &member_functions<M>::take;
    facts.is_default = &member_functions<M>::is_default;
    facts.type = codec<M>::type;
    facts.nullable = is_nullable<M>;
    facts.primary_key = traits::is_primary_key;
    if constexpr (traits::is_foreign_key) {
        facts.foreign_target = &mapper_of<typename traits::target_class>;
        facts.foreign_member = traits::target_member();
    }
    if constexpr (may_have_options<M>)
        facts.read_options = [](column_draft& draft) { traits::for_each_option(draft); };
    return facts;
}();

/// The member's name that the second parameter of a relationship says; empty when it says nothing.
template <auto Spec> consteval std::string_view name_of_spec() {
    if constexpr (is_inferred<Spec>) {
        return {};
    } else if constexpr (is_name<std::remove_cv_t<decltype(Spec)>>) {
        return Spec.view();
    } else {
        return reflect::member_pointer_name<Spec>();
    }
}
template <class M>
inline constexpr relationship_kind kind_of_relationship =
    is_view_many<M>      ? relationship_kind::view
    : is_many_to_many<M> ? relationship_kind::many_to_many
    : is_has_one<M>      ? relationship_kind::has_one
    : is_referred_to<M>  ? relationship_kind::has_many
                         : relationship_kind::belongs_to;
/// What the member type `M` says about the relationship `name`; `other` is the member that it refers to.
template <class M>
constexpr member_facts facts_of_relationship(std::string_view name, std::string_view other) {
    return {name, nullptr, kind_of_relationship<M>, &mapper_of<typename M::target_type>, other};
}

/// For `describe`: adds the relationship `M` of a class that kin cannot look into.
template <class M>
relationship& add_relationship(mapper_builder& builder, std::string_view name, std::size_t offset) {
    if constexpr (is_view_many<M>)
        return add_relationship(builder, facts_of_relationship<M>(name, {}), offset);
    else if constexpr (!is_belongs_to<M>)
        return add_relationship(builder, facts_of_relationship<M>(name, name_of_spec<M::other>()), offset);
    else
        return add_relationship(builder, facts_of_relationship<M>(name, name_of_spec<M::key>()), offset);
}

} // namespace detail

namespace detail {

/// The options of one column, without its type: what column_description writes to.
class column_options {
public:
    column_options(mapper_builder& builder, property& p) noexcept : builder_(&builder), property_(&p) {}
    void name(std::string column_name);
    void unique();
    void index();
    void no_index();
    void length(std::uint32_t characters);
    void fixed_length(std::uint32_t characters);
    void precision(std::uint8_t digits, std::uint8_t scale);
    void server_default(std::string sql);
    void comment(std::string text);
    void primary_key();
    void version();
    void type(std::string words);
    void validate(std::unique_ptr<column_validator> v);
    void on_set(std::unique_ptr<column_set_handler> h);
    void set_default(moment_of_default when, std::unique_ptr<value_maker> m, bool needs_object);
    void set_default(moment_of_default when, std::unique_ptr<sql_source> s);
    void set_default(moment_of_default when, expression sql);

private:
    mapper_builder* builder_;
    property* property_;
};

template <class T, class M, class F> class typed_validator final : public column_validator {
public:
    typed_validator(F f, std::string demand) : column_validator(std::move(demand)), accepts_(std::move(f)) {}
    bool accepts(const void* object, const void* member) const override {
        const T& whole = *static_cast<const T*>(object);
        const M& value = *static_cast<const M*>(member);
        if constexpr (std::is_void_v<std::invoke_result_t<const F&, const T&, const M&>>) {
            accepts_(whole, value);
            return true;
        } else {
            return static_cast<bool>(accepts_(whole, value));
        }
    }

private:
    F accepts_;
};

template <class T, class M, class F> class typed_set_handler final : public column_set_handler {
public:
    explicit typed_set_handler(F f) : call_(std::move(f)) {}
    void call(node& owner, const cell* before, const void* member) const override {
        M old{};
        if (before)
            (void)member_functions<M>::decode(&old, *before); // what it was decoded from, or written as
        call_(ref<T>(&owner), std::as_const(old), *static_cast<const M*>(member));
    }

private:
    F call_;
};

} // namespace detail

/// What `m.column<&User::name>()` gives: the options of one column, of type `M`.
template <class T, class M> class column_description {
public:
    column_description(mapper_builder& builder, property& p) noexcept : options_(builder, p) {}
    /// The column's name, instead of the member's.
    column_description& name(std::string column_name) {
        options_.name(std::move(column_name));
        return *this;
    }
    column_description& unique() {
        options_.unique();
        return *this;
    }
    column_description& index() {
        options_.index();
        return *this;
    }
    /// No index for this foreign key.
    column_description& no_index() {
        options_.no_index();
        return *this;
    }
    /// At most `characters` characters: VARCHAR(n), checked before anything is sent.
    column_description& length(std::uint32_t characters) {
        options_.length(characters);
        return *this;
    }
    /// Exactly `characters` characters: CHAR(n).
    column_description& fixed_length(std::uint32_t characters) {
        options_.fixed_length(characters);
        return *this;
    }
    /// Of a kin::decimal: NUMERIC(digits, scale).
    column_description& precision(std::uint8_t digits, std::uint8_t scale = 0) {
        options_.precision(digits, scale);
        return *this;
    }
    /// SQL that the database evaluates when an INSERT names no value.
    column_description& server_default(std::string sql) {
        options_.server_default(std::move(sql));
        return *this;
    }
    column_description& comment(std::string text) {
        options_.comment(std::move(text));
        return *this;
    }
    column_description& primary_key() {
        options_.primary_key();
        return *this;
    }
    /// The row's version, as the option kin::version: counted up by each UPDATE, checked by UPDATE and DELETE.
    column_description& version() {
        options_.version();
        return *this;
    }
    /// The words that DDL writes for the type, instead of the dialect's own: `.type("NUMERIC(10,2)")`.
    column_description& type(std::string words) {
        options_.type(std::move(words));
        return *this;
    }
    /// A rule for the column's values: `f(object, value)` is called at a flush for each value that is new or was changed, before any SQL
    /// is sent, and by session::validate(). What `f` throws passes through; when it returns false, data_error (invalid_value) says
    /// `demand`. Several rules are asked in the order in which they were added. Sessions of all threads call `f`.
    template <class F> column_description& validate(F f, std::string demand = {}) {
        constexpr bool fits = std::is_invocable_v<const F&, const T&, const M&>;
        static_assert(fits, "kin: a validator takes the object and the value, both const: "
                            "[](const User&, const std::string& name) { return !name.empty(); }");
        if constexpr (fits) {
            options_.validate(
                std::make_unique<detail::typed_validator<T, M, F>>(std::move(f), std::move(demand)));
        }
        return *this;
    }
    /// Calls `f(object, before, now)` when a flush is about to write another value than the row has, once per object and flush, before
    /// any SQL is sent. For an object without a row `before` is a default-made value, and values that are still default-made are
    /// not reported. `f` may change columns of its object: they are written with it, and call nobody again. What it throws
    /// fails the flush. Values that the flush itself makes (keys of new rows, versions) are not reported.
    template <class F> column_description& on_set(F f) {
        constexpr bool fits = std::is_invocable_v<const F&, ref<T>, const M&, const M&>;
        static_assert(fits,
                      "kin: an on_set handler takes the object, the old and the new value: "
                      "[](kin::ref<User> user, const std::string& before, const std::string& now) { ... }");
        if constexpr (fits) {
            options_.on_set(std::make_unique<detail::typed_set_handler<T, M, F>>(std::move(f)));
        }
        return *this;
    }
    /// The value of a new row in which the member is as it was made: a function that takes the object, or nothing, and returns the value,
    /// `[](const Post& p) { return slug_of(p.title); }`; or SQL, `kin::now()`; or, where the SQL names columns, a function that returns it.
    /// A function is called once for each such row, before any SQL is sent and after on_set; validators see its value. SQL is computed by the INSERT,
    /// and the value read back into the member as that of a server_default. A rollback puts the member back. Of several calls the last one
    /// counts. Not reported to on_set. Sessions of all threads call the function; what it throws fails the flush.
    template <class V> column_description& insert_default(V v) {
        constexpr bool fits = detail::is_default_for<T, M, V>;
        static_assert(fits,
                      "kin: a default is a function that takes the object, or nothing, and returns a value "
                      "of the column's type: "
                      "[](const Post& p) { return slug_of(p.title); }, or SQL of that type: kin::now()");
        static_assert(!fits || !detail::is_sql_default<V, T> || detail::holds_microseconds<M>,
                      "kin: a time that SQL makes has microseconds, which this member cannot hold; make it a "
                      "std::chrono::sys_time<std::chrono::microseconds>");
        if constexpr (fits) detail::set_default<T, M>(options_, moment_of_default::insert, std::move(v));
        return *this;
    }
    /// ... of a row that a flush is about to UPDATE because another column changed, unless the program has changed this one as well; and of the rows
    /// of kin::update<T>() that does not set the column: there only SQL and functions that take nothing count. SQL may use the row as it
    /// was: `.update_default([] { return kin::col<&Post::edits> + 1; })`.
    template <class V> column_description& update_default(V v) {
        constexpr bool fits = detail::is_default_for<T, M, V>;
        static_assert(fits,
                      "kin: a default is a function that takes the object, or nothing, and returns a value "
                      "of the column's type: "
                      "[](const Post& p) { return slug_of(p.title); }, or SQL of that type: kin::now()");
        static_assert(!fits || !detail::is_sql_default<V, T> || detail::holds_microseconds<M>,
                      "kin: a time that SQL makes has microseconds, which this member cannot hold; make it a "
                      "std::chrono::sys_time<std::chrono::microseconds>");
        if constexpr (fits) detail::set_default<T, M>(options_, moment_of_default::update, std::move(v));
        return *this;
    }

private:
    detail::column_options options_;
};

/// What `m.index<...>()` gives.
class index_description {
public:
    index_description(kin::table& t, std::size_t at) noexcept : table_(&t), at_(at) {}
    index_description& unique();
    index_description& name(std::string text);

private:
    kin::table* table_;
    std::size_t at_;
};

namespace detail {
template <class Owner, class Target, class F>
class typed_relationship_handler final : public relationship_handler {
public:
    static_assert(std::is_invocable_v<const F&, ref<Owner>, ref<Target>>,
                  "kin: a handler of a relationship takes kin::ref of this class and of the other one");
    explicit typed_relationship_handler(F f) : call_(std::move(f)) {}
    void call(node& owner, node* other) const override { call_(ref<Owner>(&owner), ref<Target>(other)); }

private:
    F call_;
};
} // namespace detail

/// What `m.relationship<&User::posts>()` gives.
template <class Owner, class Target> class relationship_description {
public:
    explicit relationship_description(relationship& r) noexcept : relationship_(&r) {}
    /// What travels along; replaces the default, save_update | merge.
    relationship_description& cascade(kin::cascade words) {
        relationship_->cascades = words;
        return *this;
    }
    /// Order of a loaded collection: a column, or `kin::col<&Post::id>.desc()`.
    template <auto Member, class Class> relationship_description& order_by(const attribute<Member, Class>&) {
        relationship_->order_by_sources.push_back([] { return attribute<Member, Class>().asc().term(); });
        return *this;
    }
    template <auto Member, sort_direction Direction, class Class>
    relationship_description& order_by(const attribute_order<Member, Direction, Class>&) {
        relationship_->order_by_sources.push_back(
            [] { return attribute_order<Member, Direction, Class>().term(); });
        return *this;
    }
    /// `column` of the other class keeps the place in this list: 0, 1, 2 ... It is set at once when objects come, go or move, from either
    /// side, and the collection loads in its order. Changing a list that is not loaded loads it.
    template <auto Member, class Class> relationship_description& position(const attribute<Member, Class>&) {
        static_assert(std::is_integral_v<unwrapped_t<detail::member_type<Member>>>,
                      "kin: a position is an integer column; name one of the other class");
        relationship_->position_source = &detail::column_of<Member, Class>;
        return order_by(attribute<Member, Class>());
    }
    /// What a view_many shows: the objects of the other class for which this holds; a function that returns the condition, because the
    /// other class is not mapped yet: `.on([] { return kin::col<&Post::user_id> == kin::col<&User::id> && ...; })`.
    relationship_description& on(predicate (*condition)()) {
        relationship_->view_condition = condition;
        return *this;
    }
    /// ON DELETE of the foreign key that this relationship goes by (of a many_to_many: of the table between), and what the session
    /// does with the objects in memory. With cascade or set_null, objects that are not loaded are left to the database.
    relationship_description& on_delete(on_delete_option rule) {
        relationship_->on_delete = rule.action;
        return *this;
    }
    /// The table behind a many_to_many, instead of the one that the classes' names make.
    relationship_description& table(std::string name) {
        relationship_->association_table = std::move(name);
        return *this;
    }
    /// ... the schema that it lies in, instead of that of the class whose table comes first in its name (or of the only class that has a
    /// member for it).
    relationship_description& schema(std::string name) {
        relationship_->association_schema = std::move(name);
        return *this;
    }
    /// ... its column for the key of this class, and for the key of the other one.
    relationship_description& columns(std::string own, std::string others) {
        return columns(std::vector<std::string>{std::move(own)}, std::vector<std::string>{std::move(others)});
    }
    /// ... for keys of several columns.
    relationship_description& columns(std::vector<std::string> own, std::vector<std::string> others) {
        relationship_->near_columns = std::move(own);
        relationship_->far_columns = std::move(others);
        return *this;
    }
    /// Calls `f(owner, item)` before `item` enters the collection, from whichever side; what it throws stops the change, and nothing has
    /// changed. Not called by loading. On a belongs_to: before it gets another target, `f(object, target)`, null for none.
    template <class F> relationship_description& on_link(F f) {
        relationship_->on_link.push_back(
            std::make_unique<detail::typed_relationship_handler<Owner, Target, F>>(std::move(f)));
        return *this;
    }
    /// ... before `item` leaves the collection.
    template <class F> relationship_description& on_unlink(F f) {
        relationship_->on_unlink.push_back(
            std::make_unique<detail::typed_relationship_handler<Owner, Target, F>>(std::move(f)));
        return *this;
    }
    /// How it loads when a query says nothing else. `selectin` and `joined` load it with every query, get() and relationship load that
    /// gives objects of this class, but never back to a class that is on the way already, unless depth() says so.
    relationship_description& lazy(loader_strategy s) {
        relationship_->lazy = s;
        return *this;
    }
    /// How many levels such a relationship of a class with itself loads: `.lazy(kin::loader_strategy::joined).depth(3)`.
    relationship_description& depth(std::uint32_t levels) {
        relationship_->depth = levels;
        return *this;
    }

private:
    relationship* relationship_;
};

/// What the function `describe(kin::mapping<User>& m)` beside a class fills: everything about the mapping that does not fit
/// into a member's type. Found by argument type, called once per process.
template <class T> class mapping {
public:
    explicit mapping(mapper_builder& builder) noexcept : builder_(builder) {}

    /// The table's name, instead of the class's in snake_case.
    void table(std::string name) { builder_.table().set_name(std::move(name)); }
    /// The schema that the table lies in, instead of where the connection looks for bare names: "sales"."orders". create_all() makes no
    /// schema. On MariaDB it is a database, on SQLite one that a connect hook has attached.
    void schema(std::string name) { builder_.table().set_schema(std::move(name)); }
    void comment(std::string text) { builder_.table().comment = std::move(text); }
    /// CHECK (sql); written by the programmer, never from input.
    void check(std::string sql, std::string name = {}) {
        builder_.table().checks.push_back({std::move(name), std::move(sql)});
    }

    /// The options of a column. For a class that is no aggregate, or not yours to change, this is what adds the column.
    template <auto Member> column_description<T, detail::member_type<Member>> column() {
        using member = detail::member_type<Member>;
        check_member<Member>();
        static_assert(detail::is_column_member<Member>,
                      "kin: this member is a relationship; write m.relationship<&User::posts>()");
        static_assert(sql_can_read<member> || detail::is_relationship_member<Member>,
                      "kin: this member has a type that kin cannot store; specialise kin::codec<Type>");
        property* known = builder_.find_property(offset_of<Member>());
        if constexpr (storable<member>) {
            if (!known)
                known = &detail::add_column(builder_, detail::facts_of_column<member>,
                                            reflect::member_pointer_name<Member>(), offset_of<Member>());
        }
        return {builder_, *known};
    }
    /// The primary key, in this order; instead of what the members' types say.
    template <auto... Members> void primary_key() { builder_.set_key({column_index<Members>()...}); }
    /// The foreign key of this member, or of these members together, which are all that one constraint has.
    template <auto... Members> foreign_key_description foreign_key() {
        static_assert((detail::is_foreign_key_member<Members> && ...),
                      "kin: this member is no foreign key; write kin::foreign_key<&User::id> user_id;");
        return {builder_, {column_index<Members>()...}};
    }
    /// CREATE INDEX on these columns.
    template <auto... Members> index_description index() {
        builder_.table().indexes.push_back({{}, {column_index<Members>()...}, false});
        return {builder_.table(), builder_.table().indexes.size() - 1};
    }
    /// UNIQUE (columns).
    template <auto... Members> void unique() {
        builder_.table().uniques.push_back({{}, {column_index<Members>()...}});
    }
    /// The options of a relationship; adds it where column() would add a column.
    template <auto Member> auto relationship() {
        check_member<Member>();
        static_assert(detail::is_relationship_member<Member>,
                      "kin: this member is a column; write m.column<&User::name>()");
        kin::relationship* known = builder_.find_relationship(offset_of<Member>());
        if constexpr (detail::is_relationship_member<Member>) {
            if (!known)
                known = &detail::add_relationship<detail::member_type<Member>>(
                    builder_, reflect::member_pointer_name<Member>(), offset_of<Member>());
        }
        return relationship_description<T, detail::related_model_t<T, detail::member_type<Member>>>(*known);
    }

private:
    template <auto Member> [[nodiscard]] static std::size_t offset_of() {
        if constexpr (detail::is_member_of<T, Member>)
            return detail::offset_of<T, Member>();
        else
            return 0; // check_member() has refused it
    }
    template <auto Member> static void check_member() {
        static_assert(detail::is_member_of<T, Member>,
                      "kin: describe(kin::mapping<T>&) can only name members of T");
    }
    template <auto Member> [[nodiscard]] std::uint32_t column_index() {
        column<Member>();
        return builder_.find_property(offset_of<Member>())->column->index;
    }
    mapper_builder& builder_;
};

} // namespace kin
