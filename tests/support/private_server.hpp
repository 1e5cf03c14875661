// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace kin::testing {

/// A database server of the running test alone, which it may kill. What was committed on it survives that. Goes with the object, or with the
/// process.
class private_server {
public:
    /// `kind`: "postgresql" or "mariadb". Throws: std::runtime_error with the server's last words.
    explicit private_server(std::string_view kind);
    private_server(const private_server&) = delete;
    private_server& operator=(const private_server&) = delete;
    ~private_server();

    [[nodiscard]] const std::string& url() const noexcept { return url_; }
    /// All its processes end at once, as by a fault of its own.
    void crash();
    /// Starts it again after crash(), with its data, on its port; returns when it answers.
    void resume();

private:
    std::string run(std::string_view command, std::string_view options = {}) const;

    std::string kind_;
    std::filesystem::path home_;
    std::string url_;
};

} // namespace kin::testing
