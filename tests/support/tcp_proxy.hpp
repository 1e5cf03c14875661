// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace kin::testing {

/// Which way bytes go.
enum class proxy_way : std::uint8_t { to_server, to_client };

/// What a proxy does to a connection.
enum class proxy_fault : std::uint8_t {
    cut,     // the client is reset at once, the server sees the end after what went through
    stall,   // nothing is read or sent until heal(); both ends see a connection that lives
    swallow, // what either end sends is taken and thrown away
    drip,    // what goes to the client goes byte by byte, with a pause after each
};

/// When, and what. The first of the two moments counts that is given.
struct proxy_plan {
    proxy_way way = proxy_way::to_server;
    std::optional<std::size_t> after_bytes =
        {};                         // that went this way since arm(); exactly so many still go through
    std::string at_text = {};       // in one piece of what goes this way, as "COMMIT"
    bool text_goes_through = false; // ... and whether that piece still does
    proxy_fault what = proxy_fault::cut;
    int drip_pause_ms = 5;
};

/// Stands between clients and a server on this machine, and breaks the line as a test says. Runs on a thread of its own; its functions
/// are safe for threads.
class tcp_proxy {
public:
    /// Listens on a free port of 127.0.0.1. Throws: std::system_error.
    explicit tcp_proxy(std::uint16_t server_port);
    tcp_proxy(const tcp_proxy&) = delete;
    tcp_proxy& operator=(const tcp_proxy&) = delete;
    ~tcp_proxy();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// The next connection to which it happens is treated so; once.
    void arm(proxy_plan plan);
    void disarm();
    /// Whether what was armed last has happened.
    [[nodiscard]] bool fired() const noexcept { return fired_; }
    /// Resets all connections.
    void cut_all();
    /// Stalled and dripping connections go on as usual.
    void heal();
    /// New connections go to the server on this port, as behind a proxy of which another server has become the first.
    void lead_to(std::uint16_t server_port) noexcept { server_port_ = server_port; }
    /// New connections are reset at once, as if nobody listened; or taken again.
    void refuse(bool refuses) noexcept { refuses_ = refuses; }
    /// Connections that neither side has closed, as far as the proxy has seen.
    [[nodiscard]] std::size_t open_connections();
    [[nodiscard]] std::size_t accepted() const noexcept { return accepted_; }
    /// Shows `tap` every piece that arrives, from now on, on the proxy's thread.
    void watch(std::function<void(proxy_way, std::string_view)> tap);
    [[nodiscard]] std::size_t bytes(proxy_way way) const noexcept {
        return bytes_[static_cast<std::size_t>(way)];
    }

private:
    struct stream { // one way of one connection
        int from = -1;
        int to = -1;
        std::string waiting; // read, and not yet written
        bool ended = false;
    };
    struct line {
        stream ways[2];
        std::optional<proxy_fault> fault;
        int drip_pause_ms = 0;
        bool dead = false;
    };
    void run();
    void accept_one();
    void read_some(line& l, proxy_way way);
    void write_some(line& l, stream& s);
    [[nodiscard]] std::string take_until_fault(line& l, proxy_way way, std::string piece);
    void strike(line& l);
    static void reset(line& l) noexcept;
    void wake() noexcept;

    std::atomic<std::uint16_t> server_port_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    int wake_[2] = {-1, -1};
    std::atomic<bool> ends_ = false;
    std::atomic<bool> refuses_ = false;
    std::atomic<bool> fired_ = false;
    std::atomic<std::size_t> accepted_ = 0;
    std::atomic<std::size_t> bytes_[2] = {0, 0};
    std::mutex mutex_;
    std::optional<proxy_plan> plan_; // guarded by mutex_, as are
    std::function<void(proxy_way, std::string_view)> tap_;
    std::size_t since_armed_ = 0;
    std::list<line> lines_;
    std::thread thread_;
};

} // namespace kin::testing
