// SPDX-License-Identifier: MIT
#pragma once

/// Names for headers that only pass kin's classes along.

namespace kin {

class connection;
class database;
class engine;
class error;
class mapper;
class session;
struct session_options;
template <class T> class mapping;
template <class T> class query;
template <class T> class ref;

} // namespace kin
