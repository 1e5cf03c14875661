// SPDX-License-Identifier: MIT
// expect: kin: get<T>(key) takes the values of T's primary key, and SQL has no such value; write get<User>(1)
// names: User
#include "blog.hpp"

kin::ref<User> found(kin::session& session, kin::ref<User> user) {
#ifdef KIN_CONTROL
    return session.get<User>(user->id);
#else
    return session.get<User>(user);
#endif
}
