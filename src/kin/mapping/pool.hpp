// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kin/mapping/mapper.hpp"
#include "kin/mapping/node.hpp"

namespace kin::detail {

/// The owner of a graph of objects. Lives as long as a ref from outside or a session holds it, and frees all at once.
class pool : public pool_front {
public:
    pool() = default;
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;

    /// Memory for a node with its object, alone; the object is not constructed yet.
    [[nodiscard]] static node* allocate_alone(const mapper& m);
    static void free_alone(node* n) noexcept;

    /// Objects of one class, in slabs that grow. Handed out so that a loader looks it up once per result.
    class allocator {
    public:
        explicit allocator(const mapper& m) noexcept : type_(&m) {}
        [[nodiscard]] node& create(pool& home);
        /// Undoes the last create().
        void take_back(pool& home, node& n) noexcept;
        [[nodiscard]] const mapper& type() const noexcept { return *type_; }

    private:
        friend class pool;
        const mapper* type_;
        char* next_ = nullptr;
        std::uint32_t left_ = 0;
        std::uint32_t slab_ = 0;
        std::uint32_t last_size_ = 0;
    };
    /// Lifetime of the reference: until this pool is merged into another or dies.
    [[nodiscard]] allocator& allocator_for(const mapper& m);

    /// Makes two objects share one pool. One that has left its session, with all that it is linked to, leaves that session's pool for it.
    /// Throws: state_error (two_sessions) when two sessions hold them; std::bad_alloc.
    static void join(node& a, node& b);
    /// Takes `n`, and the pool that it is in, into this pool.
    void take(node& n);

    /// A session holds the pool. At most one does.
    void hold(object_context& holder) noexcept;
    /// The session ends. Kills the pool when no ref from outside is left; returns whether it still lives.
    bool let_go() noexcept;
    [[nodiscard]] object_context* holder() const noexcept { return holder_; }
    /// Whether anybody but the session holds a part of the pool.
    [[nodiscard]] bool is_shared() const noexcept { return live_ > 1; }

    /// `n`, which lives here, had mutable access: collections look at its foreign keys when they are read next. Throws: std::bad_alloc.
    void note_edit(node& n);
    /// The last noted one, or null.
    [[nodiscard]] node* take_edited() noexcept;

    template <class F> void for_each(F&& f) {
        for (node* n : alone_) f(*n);
        for (const slab& s : slabs_) {
            for (std::uint32_t i = 0; i < s.used; ++i) {
                node& n = *reinterpret_cast<node*>(s.memory + i * s.stride);
                if (n.home == this) f(n);
            }
        }
    }
    /// Moves the objects of a whole graph, of which one has a ref from outside, into a pool of their own, which nobody holds. Their
    /// addresses stay. Throws: std::bad_alloc; then nothing has moved.
    void split_off(std::span<node* const> graph);

private:
    friend void kin::detail::acquire_first(node& n) noexcept;
    friend void kin::detail::release_last(node& n) noexcept;
    ~pool() = default;
    void destroy() noexcept;
    void absorb(pool& other); // which nobody holds: join() and take() see to it

    struct slab {
        const mapper* type;
        char* memory;
        std::size_t stride;
        std::uint32_t used;
        std::uint32_t* sharers; // pools that have objects in it; null: it was never more than this one
        [[nodiscard]] bool contains(const node* n) const noexcept {
            const auto at = reinterpret_cast<std::uintptr_t>(n);
            const auto begin = reinterpret_cast<std::uintptr_t>(memory);
            return at >= begin && at < begin + used * stride;
        }
    };
    void take_slab(const slab& s) noexcept; // of an absorbed pool; there is room
    std::uint32_t live_ = 0;                // nodes with refs, and the session
    object_context* holder_ = nullptr;
    std::size_t count_ = 0;
    std::vector<node*> alone_;
    std::vector<slab> slabs_;
    std::vector<allocator*> allocators_; // few: one per class
    std::vector<node*> edited_nodes_;
};

[[nodiscard]] inline pool* home_of(const node& n) noexcept { return static_cast<pool*>(n.home); }

} // namespace kin::detail
