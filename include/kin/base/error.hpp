// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <exception>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

namespace kin {

/// A line of the program that calls kin. Functions that may fail take it as their last parameter, by default.
using call_place = std::source_location;

/// What an error knows beside its class. All members but `code` and `message` may be empty.
struct error_details {
    std::string code;    // stable and short, a section of docs/errors.md: "unique_violation"
    std::string message; // what happened, with the names involved, and what to do
    std::string sql;     // the statement, with placeholders
    std::vector<std::string> parameters = {}; // redacted: kind and size, never the content
    std::string table = {};
    std::string column = {};
    std::string constraint = {};
    std::string sqlstate = {};
    std::int64_t vendor_code = 0;
};

/// Root of everything kin throws (besides std::bad_alloc). Cheap to copy, copying never throws; may be thrown
/// across threads.
class error : public std::exception {
public:
    explicit error(error_details details);
    error(const error& other) noexcept;
    error& operator=(const error& other) noexcept;
    ~error() override;

    [[nodiscard]] const char* what() const noexcept override; // message, then statement and parameters if any
    [[nodiscard]] std::string_view message() const noexcept;
    [[nodiscard]] std::string_view code() const noexcept;
    [[nodiscard]] std::string_view sql() const noexcept;
    [[nodiscard]] const std::vector<std::string>& parameters() const noexcept;
    [[nodiscard]] std::string_view table() const noexcept;
    [[nodiscard]] std::string_view column() const noexcept;
    [[nodiscard]] std::string_view constraint() const noexcept;
    [[nodiscard]] std::string_view sqlstate() const noexcept;
    [[nodiscard]] std::int64_t vendor_code() const noexcept;
    /// The line of the program that called the session, query or database which threw; line() == 0: unknown. Not part of what().
    [[nodiscard]] const call_place& where() const noexcept { return where_; }
    [[nodiscard]] const error_details& details() const noexcept;

    /// Sets where(), if it is unknown.
    void locate(const call_place& where) noexcept {
        if (where_.line() == 0) where_ = where;
    }
    /// Adds a sentence to the message: what the thrower could not know. Copies that were made before stay as they are. Leaves it as
    /// it is when there is no memory.
    void add_note(std::string_view note) noexcept;

private:
    struct shared;
    shared* shared_;
    call_place where_ = {};
};

// clang-format off
/// kin was used wrongly; nothing was sent for it.
class usage_error : public error { public: using error::error; };
/// The mapping of one or more models is wrong. All faults are listed at once.
class mapping_error : public usage_error { public: using usage_error::usage_error; };
/// A query cannot be written as SQL.
class compile_error : public usage_error { public: using usage_error::usage_error; };
/// The object or session is in a state that does not allow the call.
class state_error : public usage_error { public: using usage_error::usage_error; };
/// An unloaded relationship was touched after the object's session ended.
class detached_instance : public state_error { public: using state_error::state_error; };
/// The transaction has failed; the session refuses work until rollback(). Carries the first error's text.
class pending_rollback : public state_error { public: using state_error::state_error; };
/// A relationship could not or may not be loaded now.
class lazy_load_error : public state_error { public: using state_error::state_error; };

/// The rows are not what the program asked for.
class result_error : public error { public: using error::error; };
/// one() or get_one() found nothing.
class no_result_found : public result_error { public: using result_error::result_error; };
/// one() or one_or_none() found more than one.
class multiple_results_found : public result_error { public: using result_error::result_error; };
/// A stored value does not fit its member: NULL for a plain member, text for a number, a number too large.
class conversion_error : public result_error { public: using result_error::result_error; };

/// An UPDATE or DELETE did not find its row: somebody else changed or deleted it.
class stale_data : public error { public: using error::error; };
/// No connection became free in time.
class pool_timeout : public error { public: using error::error; };

/// The database or its driver refused. Has sql(), vendor_code() and, where there is one, sqlstate().
class database_error : public error { public: using error::error; };
/// The database cannot be reached or opened, or the connection is lost.
class connection_error : public database_error { public: using database_error::database_error; };
/// The database gave the transaction up; running it again from its start may succeed.
class transaction_rollback : public database_error {
public:
    using database_error::database_error;
    [[nodiscard]] static constexpr bool is_retryable() noexcept { return true; }
};
/// Another transaction came in between.
class serialization_failure : public transaction_rollback { public: using transaction_rollback::transaction_rollback; };
/// Two transactions waited for each other; the database ended this one.
class deadlock : public transaction_rollback { public: using transaction_rollback::transaction_rollback; };
/// Somebody else held a lock for longer than the time-out ("database is locked").
class lock_timeout : public transaction_rollback { public: using transaction_rollback::transaction_rollback; };
/// The connection was lost while the COMMIT was under way, so nobody knows whether the transaction is there. Never run it again without
/// looking first. No connection_error: who tries again after one of those must not do so after this.
class commit_outcome_unknown : public database_error { public: using database_error::database_error; };
/// The call did not end within its time-out; it was stopped.
class statement_timeout : public database_error { public: using database_error::database_error; };
/// Another thread cancelled the statement.
class statement_cancelled : public database_error { public: using database_error::database_error; };
/// A constraint said no. constraint(), table() and column() name it as far as the database tells.
class constraint_violation : public database_error { public: using database_error::database_error; };
/// Another row has the value already.
class unique_violation : public constraint_violation { public: using constraint_violation::constraint_violation; };
/// The row that is referred to is not there, or others still refer to the row.
class foreign_key_violation : public constraint_violation { public: using constraint_violation::constraint_violation; };
/// A column that may not be NULL has no value.
class not_null_violation : public constraint_violation { public: using constraint_violation::constraint_violation; };
/// The row does not fulfil a CHECK.
class check_violation : public constraint_violation { public: using constraint_violation::constraint_violation; };
/// A value was refused: too long, out of range, not UTF-8. Raised before anything is sent where kin can know.
class data_error : public database_error { public: using database_error::database_error; };
/// The statement was refused: syntax, a table or column that is not there, disk full.
class statement_error : public database_error { public: using database_error::database_error; };
// clang-format on

} // namespace kin
