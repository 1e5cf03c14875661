// SPDX-License-Identifier: MIT
// expect: kin: enum_type_name names a native type, and this enumeration has none; say enum_stored_as<...> = kin::enum_storage::native, too
// names: Post status Status
#include <kin/kin.hpp>

enum class Status { draft, published };
template <> inline constexpr std::string_view kin::enum_type_name<Status> = "post_status";
#ifdef KIN_CONTROL
template <> inline constexpr kin::enum_storage kin::enum_stored_as<Status> = kin::enum_storage::native;
#endif

struct Post {
    kin::primary_key<int> id;
    Status status = Status::draft;
};

kin::ref<Post> made() { return kin::make<Post>(); }
