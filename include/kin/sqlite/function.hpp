// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "kin/base/codec.hpp"
#include "kin/engine/engine.hpp"

namespace kin::sqlite {

/// What SQLite may do with a function.
struct function_options {
    bool deterministic =
        false; // equal arguments give equal results: SQLite may call it less often, and takes it in indexes
    bool in_schema = false; // views, triggers, CHECKs and indexes may call it; without it only statements may
};

namespace detail {

/// Takes the result of a call.
class result_sink {
public:
    virtual void take(const cell& result) = 0;

protected:
    ~result_sink() = default;
};

/// Throws: data_error (value_out_of_range).
[[noreturn]] void fail_result();

/// A function, without its types. Threads share it.
class function_body {
public:
    virtual ~function_body() = default;
    struct parameter {
        cell_kind kind = cell_kind::null;
        bool nullable = false;
    };
    [[nodiscard]] virtual std::span<const parameter> parameters() const noexcept = 0;
    /// Returns the number of arguments when all could be read, else the position of the one that could not.
    virtual std::size_t call(const cell* arguments, result_sink& to) const = 0;
};

template <class F, class Result, class... Arguments> class typed_body final : public function_body {
public:
    explicit typed_body(F f) : f_(std::move(f)) {}
    [[nodiscard]] std::span<const parameter> parameters() const noexcept override {
        if constexpr (sizeof...(Arguments) == 0) {
            return {};
        } else {
            static constexpr parameter all[] = {{codec<Arguments>::type.cell(), is_nullable<Arguments>}...};
            return all;
        }
    }
    std::size_t call(const cell* arguments, result_sink& to) const override {
        std::tuple<Arguments...> given;
        std::size_t i = 0;
        const bool all_fit = std::apply(
            [&](Arguments&... each) {
                return ((codec<Arguments>::decode(each, arguments[i]) && (++i, true)) && ...);
            },
            given);
        if (!all_fit) return i;
        const Result result = std::apply(f_, std::move(given));
        cell out;
        scratch memory;
        if (!codec<Result>::encode(result, encoder{out, memory})) fail_result();
        to.take(out);
        return sizeof...(Arguments);
    }

private:
    F f_;
};

template <class F> struct signature : signature<decltype(&F::operator())> {};
template <class Result, class... Arguments> struct signature<Result (*)(Arguments...)> {
    static constexpr bool can_be_called =
        bindable<std::decay_t<Result>> && (storable<std::decay_t<Arguments>> && ...);
    template <class F> static std::shared_ptr<const function_body> body(F f) {
        return std::make_shared<typed_body<F, std::decay_t<Result>, std::decay_t<Arguments>...>>(
            std::move(f));
    }
};
template <class Result, class... Arguments>
struct signature<Result (*)(Arguments...) noexcept> : signature<Result (*)(Arguments...)> {};
template <class F, class Result, class... Arguments>
struct signature<Result (F::*)(Arguments...) const> : signature<Result (*)(Arguments...)> {};
template <class F, class Result, class... Arguments>
struct signature<Result (F::*)(Arguments...) const noexcept> : signature<Result (*)(Arguments...)> {};

void add_function(const engine& e, std::string_view name, std::shared_ptr<const function_body> body,
                  const function_options& options);

} // namespace detail

/// Makes a C++ function a SQL function of this engine's connections, those that are open included:
/// `kin::sqlite::create_function(db.engine(), "initials", [](const std::string& name) { return initials_of(name); })`. Parameters and result are what
/// codecs can store; a NULL for a parameter that is not std::optional makes the result NULL without a call. An exception of the
/// function becomes the statement's error, with its text. It is called on the threads that run statements, several at once, so it must be
/// safe for threads, and it must not use the engine. A connection that is lent at this
/// moment does without the function until it is given back. A function of the same name and number of parameters is replaced.
/// Throws: usage_error (wrong_database) when the engine is not one of SQLite; compile_error (bad_identifier).
template <class F>
void create_function(const engine& e, std::string_view name, F f, const function_options& options = {}) {
    using types = detail::signature<F>;
    static_assert(
        types::can_be_called,
        "kin: a parameter or the result of this SQL function has a type that kin cannot store; use one with "
        "a codec, such as std::int64_t, double, std::string or std::optional of these");
    if constexpr (types::can_be_called) detail::add_function(e, name, types::body(std::move(f)), options);
}

} // namespace kin::sqlite
