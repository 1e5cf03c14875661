// SPDX-License-Identifier: MIT
#include "thread.hpp"

#include <unordered_map>

namespace blog {

std::vector<thread_entry> thread_of(const Post& post) {
    // [replies]
    std::unordered_map<kin::ref<Comment>, std::vector<kin::ref<Comment>>> replies; // to null: about the post
    for (const auto& comment : post.comments) replies[comment->parent].push_back(comment);
    // [/replies]

    // A stack instead of recursion: somebody may reply ten thousand times.
    std::vector<thread_entry> waiting;
    const auto replies_wait = [&](const kin::ref<Comment>& to, std::size_t depth, std::size_t parent) {
        const auto found = replies.find(to);
        if (found == replies.end()) return;
        for (auto reply = found->second.rbegin(); reply != found->second.rend(); ++reply)
            waiting.push_back({*reply, depth, parent});
    };
    std::vector<thread_entry> thread;
    replies_wait(nullptr, 0, 0);
    while (!waiting.empty()) {
        const thread_entry next = waiting.back();
        waiting.pop_back();
        replies_wait(next.comment, next.depth + 1, thread.size());
        thread.push_back(next);
    }
    for (std::size_t i = thread.size(); i-- > 0;)
        if (thread[i].depth > 0) thread[thread[i].parent].below += 1 + thread[i].below;
    return thread;
}

} // namespace blog
