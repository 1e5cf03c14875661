// SPDX-License-Identifier: MIT
#include "suite_check.hpp"

namespace kin::testing {

namespace {

struct Wide {
    field<int, key> id;
    int a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0;
    std::string text;
};
void describe(mapping<Wide>& m) { m.table("suite_wide"); }

void more_values_than_a_statement_takes_are_several(suite_run& run) {
    run.create<Wide>();
    const std::size_t rows = run.dialect().limits().parameters / 9 + 100;
    session s = run.open();
    for (std::size_t i = 1; i <= rows; ++i) s.add(Wide{.id = static_cast<int>(i), .g = 1, .text = "t"});
    s.commit();
    run.equal(run.open().query<Wide>().where(col<&Wide::g> == 1).count(), static_cast<std::int64_t>(rows),
              "rows");
}

std::string quoted(const suite_run& run, std::string_view name) {
    std::string out;
    run.dialect().quote(out, name);
    return out;
}

void names_that_are_too_long_or_no_names_are_refused(suite_run& run) {
    for (const std::string& bad : {std::string(), std::string("a\0b", 3), std::string("\xFF")}) {
        const auto e =
            run.error_of<compile_error>([&] { static_cast<void>(quoted(run, bad)); }, "a name that is none");
        run.equal(e.code(), std::string_view("bad_identifier"), "the code");
    }
    const std::size_t most = run.dialect().limits().identifier_bytes;
    if (most == 0) return;
    const auto e = run.error_of<compile_error>(
        [&] { static_cast<void>(quoted(run, std::string(most + 1, 'x'))); }, "a name that is too long");
    run.equal(e.code(), std::string_view("bad_identifier"), "the code");
}

void names_may_have_any_characters(suite_run& run) {
    const std::string name = quoted(run, "suite \"quoted\" `name`; -- [x]");
    connection c = run.db().engine().connect();
    c.execute("CREATE TABLE " + name + " (id INTEGER)");
    run.drop_later("DROP TABLE " + name);
    run.equal(c.execute("INSERT INTO " + name + " VALUES (1)"), std::int64_t{1}, "rows that were inserted");
}

void values_are_never_sql(suite_run& run) {
    run.create<Wide>();
    const std::string attack = "'; DROP TABLE suite_wide; -- \\' \" ` $1 ? :x";
    session s = run.open();
    s.add(Wide{.id = 1, .text = attack});
    s.commit();
    run.equal(run.open().query<Wide>().where(col<&Wide::text> == attack).count(), std::int64_t{1}, "rows");
}

constexpr suite_check checks[] = {
    {"more_values_than_a_statement_takes_are_several", more_values_than_a_statement_takes_are_several},
    {"names_that_are_too_long_or_no_names_are_refused", names_that_are_too_long_or_no_names_are_refused},
    {"names_may_have_any_characters", names_may_have_any_characters},
    {"values_are_never_sql", values_are_never_sql},
};

} // namespace

suite_group limits_group() noexcept { return {"limits", checks}; }

} // namespace kin::testing
