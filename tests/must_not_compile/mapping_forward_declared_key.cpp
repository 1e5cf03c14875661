// SPDX-License-Identifier: MIT
// expect: kin: the model that this member refers to is only forward-declared here; include the header that defines it
// names: Team captain_id Player
#include <kin/kin.hpp>

#ifdef KIN_CONTROL
struct Player {
    kin::primary_key<int> id;
};
#else
struct Player;
#endif

struct Team {
    kin::primary_key<int> id;
    std::optional<kin::forward_key<Player, int>> captain_id;
};

void create(const kin::database& db) { db.create_all<Team>(); }
