// SPDX-License-Identifier: MIT
#include "kin/orm/session.hpp"

#include "column_checks.hpp"
#include "kin/base/located.hpp"
#include "kin/mapping/link.hpp"
#include "session_core.hpp"

namespace kin {

using detail::located;

namespace {

detail::node& given(const detail::any_ref& object) {
    if (!object) detail::fail_null_ref("session [T = object");
    return *object.raw();
}

} // namespace

session::session(const kin::engine& e, const session_options& options, std::source_location where)
    : core_(std::make_shared<detail::session_core>(e, options, where)) {
    core_->set_front(this);
}

session::session(session&& other) noexcept : core_(std::move(other.core_)) {
    if (core_) core_->set_front(this);
}

session& session::operator=(session&& other) noexcept {
    if (this != &other) {
        end();
        core_ = std::move(other.core_);
        if (core_) core_->set_front(this);
    }
    return *this;
}

session::~session() { end(); }

void session::end() noexcept {
    if (!core_) return;
    core_->set_front(nullptr);
    core_->close();
}

const std::shared_ptr<detail::session_core>& session::shared_core() const {
    (void)core();
    return core_;
}

detail::session_core& session::core() const {
    if (!core_) {
        throw state_error({.code = "moved_session",
                           .message = "this session was moved from; use the one that it was moved into",
                           .sql = {}});
    }
    return *core_;
}

void session::add_object(const detail::any_ref& object, const call_place& where) {
    located(where, [&] { core().add(given(object)); });
}
detail::node* session::find_object(const mapper& m, std::span<const cell> values, const call_place& where) {
    return located(where, [&] { return core().get(m, values); });
}
void session::remove(const detail::any_ref& object, call_place where) {
    located(where, [&] { core().remove(given(object)); });
}
void session::flush(call_place where) {
    located(where, [&] { core().flush(); });
}
void session::commit(call_place where) {
    located(where, [&] { core().commit(); });
}
void session::rollback(call_place where) {
    located(where, [&] { core().rollback(); });
}
void session::refresh(const detail::any_ref& object, call_place where) {
    located(where, [&] { core().refresh(given(object)); });
}
void session::validate(const detail::any_ref& object, call_place where) const {
    located(where, [&] {
        (void)core();
        detail::node& n = given(object);
        const detail::any_ref keep(&n); // a validator may let the last ref go
        detail::freshen(n);
        detail::check_all_values(n);
    });
}
void session::expunge(const detail::any_ref& object, call_place where) {
    located(where, [&] { core().expunge(given(object)); });
}
void session::expunge_all(call_place where) {
    located(where, [&] { core().expunge_all(); });
}
void session::expire(const detail::any_ref& object, call_place where) {
    located(where, [&] { core().expire(given(object)); });
}
void session::expire_all(call_place where) {
    located(where, [&] { core().expire_all(); });
}
detail::node& session::merge_object(const detail::any_ref& source, const merge_options& options,
                                    const call_place& where) {
    return located(where, [&]() -> detail::node& { return core().merge(given(source), options); });
}
bool session::is_modified(const detail::any_ref& object) const { return core().is_modified(given(object)); }
std::vector<detail::node*> session::pending_objects(const mapper& m) const { return core().pending(m); }
std::vector<detail::node*> session::modified_objects(const mapper& m) const { return core().modified(m); }
std::vector<detail::node*> session::removed_objects(const mapper& m) const { return core().removed(m); }
std::int64_t session::execute_plan(const detail::set_plan& plan, const call_place& where) {
    return located(where, [&] { return core().execute(plan, {}, nullptr); });
}
void session::execute_plan(const detail::set_plan& plan, std::span<const cell_kind> kinds,
                           detail::row_sink& sink, const call_place& where) {
    located(where, [&] { (void)core().execute(plan, kinds, &sink); });
}
void session::add_criteria(class_criteria one) { core().add_criteria(std::move(one)); }
void session::clear_criteria(const mapper& m) { core().clear_criteria(m); }
void session::close() { core().close(); }
savepoint session::begin_nested(call_place where) {
    return located(where, [&] { return savepoint(shared_core()); });
}
std::string session::plan(call_place where) {
    return located(where, [&] { return core().plan(); });
}
bool session::has_changes(call_place where) {
    return located(where, [&] { return core().has_changes(); });
}
bool session::in_transaction() const noexcept { return core_ && core_->in_transaction(); }
session_events& session::events() { return core().events(); }
const kin::engine& session::engine() const { return core().engine(); }
kin::connection& session::connection(transaction_access access, call_place where) {
    return located(where, [&]() -> kin::connection& {
        core().autoflush({.call = "connection()"});
        return access == transaction_access::write ? core().writing_unknown_rows() : core().reading();
    });
}

bool session::contains(const detail::any_ref& object) const noexcept {
    return core_ && object && core_->contains(*object.raw());
}

std::int64_t session::execute(std::string_view text, std::initializer_list<named_value> binds,
                              call_place where) {
    return execute(text, binds, {}, where);
}
std::int64_t session::execute(std::string_view text, std::initializer_list<named_value> binds,
                              const execution_options& options, call_place where) {
    return located(where, [&] { return core().execute(text, binds, options); });
}
void session::begin(const transaction_options& options, call_place where) {
    located(where, [&] { core().begin(options); });
}
cancel_handle session::cancel_handle() { return core().cancel_handle(); }

detail::row_plan session::raw_plan(std::string_view text, std::initializer_list<named_value> binds) {
    detail::row_plan plan(shared_core());
    plan.raw_sql = text;
    for (const named_value& b : binds) plan.raw_binds.emplace_back(b.first, b.second);
    return plan;
}

const table* session::first_table(const std::vector<expression>& columns) {
    for (const expression& e : columns) {
        for (const expression::item& i : e.items()) {
            if (i.op == sql_operator::column) return i.column->owner;
        }
    }
    throw compile_error(
        {.code = "no_table",
         .message = "select() names no column, so there is no table to select from; name one, such as "
                    "kin::count(kin::col<&User::id>)",
         .sql = {}});
}

detail::node* session::found(detail::node* n, const mapper& m, const call_place& where) {
    if (n) return n;
    no_result_found none({.code = "no_result_found",
                          .message = "there is no " + m.class_name() +
                                     " with this primary key; use get(), which gives "
                                     "a null reference, when there may be none",
                          .sql = {},
                          .table = m.table().name()});
    none.locate(where);
    throw none;
}

session* session_of(const detail::any_ref& object) noexcept {
    object_context* context = object ? object.raw()->context : nullptr;
    return context ? static_cast<detail::session_core*>(context)->front() : nullptr;
}

object_state state_of(const detail::any_ref& object) { return given(object).state; }

} // namespace kin
