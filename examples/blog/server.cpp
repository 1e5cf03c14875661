// SPDX-License-Identifier: MIT
#include "server.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <httplib.h>
#include <iostream>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "answer.hpp"
#include "pages.hpp"
#include "style.hpp"

namespace blog {

namespace {

void add_routes(httplib::Server& server, const kin::database& database) {
    const auto on = [&database](handler h) {
        return [&database, h](const httplib::Request& request, httplib::Response& response) {
            answer(database, h, request, response);
        };
    };
    const auto file = [](std::string_view content, const char* type) {
        return [content, type](const httplib::Request&, httplib::Response& response) {
            response.set_header("Cache-Control", "max-age=300");
            response.set_content(content.data(), content.size(), type);
        };
    };
    server.Get("/", on(home));
    server.Get("/posts/new", on(new_post));
    server.Get(R"(/posts/(\d{1,40}))", on(show_post));
    server.Get(R"(/users/(\d{1,40}))", on(show_user));
    server.Get(R"(/comments/(\d{1,40})/reply)", on(new_reply));
    server.Get("/tags", on(show_tags));
    server.Get(R"(/tags/([^\0]{1,200}))", on(show_tag));
    server.Get("/style.css", file(style, "text/css; charset=utf-8"));
    server.Get("/icon.svg", file(icon, "image/svg+xml"));
    server.Post("/posts", on(create_post));
    server.Post(R"(/posts/(\d{1,40})/comments)", on(create_comment));
    server.Post(R"(/comments/(\d{1,40})/replies)", on(create_reply));

    // What is left are paths that exist for another method.
    const auto only = [](const char* allowed) {
        return [allowed](const httplib::Request&, httplib::Response& response) {
            response.set_header("Allow", allowed);
            response.status = 405;
        };
    };
    static constexpr const char* pages =
        R"(/|/posts/new|/posts/\d{1,40}|/users/\d{1,40}|/comments/\d{1,40}/reply|/tags|/tags/[^\0]{1,200}|/style\.css|/icon\.svg)";
    static constexpr const char* forms = R"(/posts|/posts/\d{1,40}/comments|/comments/\d{1,40}/replies)";
    server.Get(forms, only("POST")).Post(pages, only("GET, HEAD"));
    for (const char* paths : {pages, forms}) {
        const auto refuse = only(paths == pages ? "GET, HEAD" : "POST");
        server.Put(paths, refuse).Patch(paths, refuse).Delete(paths, refuse).Options(paths, refuse);
    }
}

/// Measured: without these, idle browsers take all threads and answers wait 40 ms for an ACK.
void configure(httplib::Server& server) {
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(1'000'000);
    server.set_keep_alive_timeout(2);
    server.set_read_timeout(5);
    server.set_payload_max_length(8 * 1024 * 1024);
    server.new_task_queue = [] { return new httplib::ThreadPool(64); };
    // httplib's own choice, SO_REUSEPORT, lets two servers have the same port.
    server.set_socket_options([](socket_t socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server.set_default_headers({
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
         "base-uri 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
    });
}

int bind(httplib::Server& server, int first_port) {
    for (int port = first_port; port < first_port + 100 && port <= 65'535; ++port)
        if (server.bind_to_port("127.0.0.1", port)) return port;
    throw std::runtime_error("no free port from " + std::to_string(first_port) + " on");
}

} // namespace

void serve(const kin::database& database, int first_port) {
    httplib::Server server;
    configure(server);
    add_routes(server, database);
    server.set_error_handler([&database](const httplib::Request& request, httplib::Response& response) {
        if (!response.has_header("Content-Type")) answer_failure(database, request, response);
    });
    const int port = bind(server, first_port);

    // Every thread leaves these signals to sigwait() below.
    sigset_t endings;
    sigemptyset(&endings);
    sigaddset(&endings, SIGINT);
    sigaddset(&endings, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &endings, nullptr);

    std::atomic<bool> stopping = false;
    std::atomic<bool> gave_up = false;
    std::thread listener([&] {
        server.listen_after_bind();
        if (stopping) return;
        gave_up = true;
        kill(getpid(), SIGTERM); // wakes the wait below
    });
    std::cout << "http://127.0.0.1:" << port << std::endl;

    int signal = 0;
    sigwait(&endings, &signal);
    stopping = true;
    pthread_sigmask(SIG_UNBLOCK, &endings, nullptr); // a second Ctrl-C does not wait for idle connections
    while (!server.is_running() && !gave_up) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    server.stop();
    listener.join();
    if (gave_up) throw std::runtime_error("cannot listen any longer");
}

} // namespace blog
