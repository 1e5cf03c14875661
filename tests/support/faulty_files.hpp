// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace kin::testing {

/// What a write of SQLite to a file may meet.
enum class file_fault : std::uint8_t { io_error, disk_full };

/// While one exists, SQLite opens files through it: the n-th write, truncation or sync of any of them goes wrong. For one thread, and for
/// databases that are opened and closed within its life.
class faulty_files {
public:
    faulty_files();
    faulty_files(const faulty_files&) = delete;
    faulty_files& operator=(const faulty_files&) = delete;
    ~faulty_files();

    /// The `nth` call from now on fails, and all after it too when `for_ever`; 1 is the next one.
    void arm(file_fault what, std::size_t nth, bool for_ever = false) noexcept;
    void disarm() noexcept;
    [[nodiscard]] bool fired() const noexcept;

    struct vfs; // private

private:
    std::unique_ptr<vfs> vfs_;
};

} // namespace kin::testing
