// SPDX-License-Identifier: MIT
// clang-format off: the columns are part of the explanation
// [hello]
#include <kin/kin.hpp>
#include <iostream>

struct Post;

struct User {
    kin::primary_key<int>       id;                    // made by the database; plain `int id;` means the same
    kin::varchar<50>            name;                  // VARCHAR(50) NOT NULL; is a std::string
    std::optional<std::string>  bio;                   // plain types work: TEXT NULL
    kin::has_many<Post>         posts;                 // the other side is found: the one belongs_to<User> in Post
};

struct Post {
    kin::primary_key<int>                  id;
    kin::varchar<100>                      title;
    std::string                            content;
    kin::foreign_key<&User::id>            user_id;    // an int; REFERENCES "user"(id), indexed by default
    kin::belongs_to<User, &Post::user_id>  user;       // or belongs_to<User> (inferred), belongs_to<User, "user_id">
};

int main() {
    kin::database db{"sqlite:///blog.db"};
    db.create_all<User, Post>();

    kin::session session = db.session();
    auto user  = kin::make<User>({.name = "John"});                          // kin::ref<User>
    auto post1 = kin::make<Post>({.title = "First Post",  .content = "Lorem ipsum dolor sit amet",  .user = user});
    auto post2 = kin::make<Post>({.title = "Second Post", .content = "Consectetur adipiscing elit", .user = user});
    // here already: user->posts.size() == 2 and user->posts[1] == post2
    session.add(user);                                                        // takes the posts along
    session.commit();                                                         // 1 INSERT user, 1 multi-row INSERT post

    kin::session reader = db.session();                                       // a fresh session: nothing is known yet
    for (const auto& user : reader.query<User>()) {                           // 2 statements in all, however many users
        std::cout << "User: " << user->name << '\n';
        for (const auto& post : user->posts) std::cout << "Post: " << post->title << '\n';
    }
    for (const auto& post : reader.query<Post>())                             // 1 statement: the users are known by now
        std::cout << "Post: " << post->title << "\nUser: " << post->user->name << '\n';
}
// [/hello]
