// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <span>

#include <libpq-fe.h>

namespace kin::postgresql {

/// The functions that kin calls, by the names that libpq gives them.
#define KIN_LIBPQ_FUNCTIONS(X)                                                                               \
    X(PQbackendPID)                                                                                          \
    X(PQcancel)                                                                                              \
    X(PQclear)                                                                                               \
    X(PQcmdStatus)                                                                                           \
    X(PQcmdTuples)                                                                                           \
    X(PQconnectPoll)                                                                                         \
    X(PQconnectStartParams)                                                                                  \
    X(PQconsumeInput)                                                                                        \
    X(PQenterPipelineMode)                                                                                   \
    X(PQerrorMessage)                                                                                        \
    X(PQexitPipelineMode)                                                                                    \
    X(PQfformat)                                                                                             \
    X(PQfinish)                                                                                              \
    X(PQflush)                                                                                               \
    X(PQfname)                                                                                               \
    X(PQfreeCancel)                                                                                          \
    X(PQfreemem)                                                                                             \
    X(PQfsize)                                                                                               \
    X(PQftype)                                                                                               \
    X(PQgetCancel)                                                                                           \
    X(PQgetisnull)                                                                                           \
    X(PQgetlength)                                                                                           \
    X(PQgetResult)                                                                                           \
    X(PQgetvalue)                                                                                            \
    X(PQisBusy)                                                                                              \
    X(PQlibVersion)                                                                                          \
    X(PQnfields)                                                                                             \
    X(PQnotifies)                                                                                            \
    X(PQnparams)                                                                                             \
    X(PQntuples)                                                                                             \
    X(PQparamtype)                                                                                           \
    X(PQpipelineSync)                                                                                        \
    X(PQputCopyData)                                                                                         \
    X(PQputCopyEnd)                                                                                          \
    X(PQresultErrorField)                                                                                    \
    X(PQresultErrorMessage)                                                                                  \
    X(PQresultStatus)                                                                                        \
    X(PQsendDescribePortal)                                                                                  \
    X(PQsendDescribePrepared)                                                                                \
    X(PQsendPrepare)                                                                                         \
    X(PQsendQuery)                                                                                           \
    X(PQsendQueryParams)                                                                                     \
    X(PQsendQueryPrepared)                                                                                   \
    X(PQserverVersion)                                                                                       \
    X(PQsetErrorVerbosity)                                                                                   \
    X(PQsetnonblocking)                                                                                      \
    X(PQsetNoticeReceiver)                                                                                   \
    X(PQsocket)                                                                                              \
    X(PQstatus)                                                                                              \
    X(PQtransactionStatus)

/// libpq, loaded at run time, so that a program starts where it is not installed. A table of its functions.
struct libpq {
#define KIN_MEMBER(name) decltype(&::name) name = nullptr;
    KIN_LIBPQ_FUNCTIONS(KIN_MEMBER)
#undef KIN_MEMBER
};

/// A table from the first of these libraries that is there. Throws: connection_error (client_library_missing).
[[nodiscard]] libpq load_library(std::span<const char* const> names);
/// ... from the library by the name that it has on this system.
[[nodiscard]] libpq load_library();

/// The library of the process; the first call loads it. Safe for threads. Inline, because it is asked for each value of a row.
/// Throws: connection_error (client_library_missing).
[[nodiscard]] inline const libpq& library() {
    static const libpq table = load_library();
    return table;
}

struct result_clearer {
    void operator()(PGresult* r) const noexcept { library().PQclear(r); }
};
using result_handle = std::unique_ptr<PGresult, result_clearer>;

} // namespace kin::postgresql
