// SPDX-License-Identifier: MIT
#include "kin/mapping/ref.hpp"

#include <string>
#include <string_view>

#include "kin/base/error.hpp"
#include "kin/mapping/object_context.hpp"
#include "link.hpp"
#include "pool.hpp"
#include "row_image.hpp"

namespace kin::detail {

void start_watching(node& n) {
    if (n.has(node_flag::touched)) return;
    if (has_row(n) && !n.image) n.image = row_image::of(n);
    if (n.context && n.state == object_state::persistent) n.context->watch(n);
    n.set(node_flag::touched);
}

void touch_slow(node& n) {
    freshen(n);
    start_watching(n);
    if (!n.type->has_references()) {
        n.set(node_flag::edited); // nobody needs to know
    } else if (n.home) {
        home_of(n)->note_edit(n);
    }
}

void follow_edits(pool_front& home) {
    auto& graph = static_cast<pool&>(home);
    while (node* n = graph.take_edited()) {
        for (const relationship& r : n->type->relationships()) {
            if (r.is_reference()) (void)known_parent(*n, r);
        }
    }
}

void reload_expired(node& n) {
    if (!n.context) {
        throw detached_instance(
            {.code = "detached_instance",
             .message = "this " + n.type->class_name() +
                        " was expired, and it is in no session any more that could read it "
                        "again; read it before its session ends, or add() it to another",
             .sql = {},
             .table = n.type->table().name()});
    }
    n.context->reload(n);
}

void make_readable(node* n, const char* function) {
    if (!n) fail_null_ref(function);
    reload_expired(*n);
}

void fail_null_ref(const char* function) {
    // "... kin::ref<T>::checked() const [with T = User]": the class is what the reader needs.
    std::string_view text(function);
    const std::size_t at = text.find("T = ");
    std::string name = "object";
    if (at != std::string_view::npos) {
        text.remove_prefix(at + 4);
        name = text.substr(0, text.find_first_of(";]"));
    }
    throw state_error(
        {.code = "null_ref",
         .message = "there is no " + name +
                    " here: the reference is null; test it before use "
                    "(`if (reference) ...`), or use get_one() and one(), which throw when nothing is found",
         .sql = {}});
}

void fail_assign_to_link() {
    throw state_error(
        {.code = "assign_to_element",
         .message = "an element of a relationship cannot be assigned to, because the other side would not "
                    "follow; use push_back, insert and erase, or assign the whole collection (to sort, copy "
                    "the elements into a std::vector first)",
         .sql = {}});
}

} // namespace kin::detail
