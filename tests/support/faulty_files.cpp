// SPDX-License-Identifier: MIT
#include "support/faulty_files.hpp"

#include <cstring>

#include <sqlite3.h>

namespace kin::testing {

/// A file system over SQLite's own.
struct faulty_files::vfs {
    sqlite3_vfs base{}; // first: SQLite sees only this
    sqlite3_vfs* real = nullptr;
    file_fault what = file_fault::io_error;
    std::size_t left = 0; // 0: all goes well
    bool for_ever = false;
    bool fired = false;

    /// The code that the call fails with; SQLITE_OK when it is not its turn.
    int next(int io_code) noexcept {
        if (!(fired && for_ever)) {
            if (left == 0 || --left != 0) return SQLITE_OK;
            fired = true;
        }
        return what == file_fault::disk_full ? SQLITE_FULL : io_code;
    }
};

namespace {

using faulty_vfs = faulty_files::vfs;

/// An open file; the real one follows it in memory.
struct file {
    sqlite3_file base;
    faulty_vfs* plan;

    sqlite3_file* real() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* real(sqlite3_file* f) noexcept { return reinterpret_cast<file*>(f)->real(); }
faulty_vfs& plan(sqlite3_file* f) noexcept { return *reinterpret_cast<file*>(f)->plan; }
/// Calls a function of the real file.
template <auto Function, class... Arguments> int pass(sqlite3_file* f, Arguments... arguments) {
    return (real(f)->pMethods->*Function)(real(f), arguments...);
}

int write(sqlite3_file* f, const void* data, int size, sqlite3_int64 at) {
    const int rc = plan(f).next(SQLITE_IOERR_WRITE);
    return rc != SQLITE_OK ? rc : real(f)->pMethods->xWrite(real(f), data, size, at);
}
int truncate(sqlite3_file* f, sqlite3_int64 size) {
    const int rc = plan(f).next(SQLITE_IOERR_TRUNCATE);
    return rc != SQLITE_OK ? rc : real(f)->pMethods->xTruncate(real(f), size);
}
int sync(sqlite3_file* f, int flags) {
    const int rc = plan(f).next(SQLITE_IOERR_FSYNC);
    return rc != SQLITE_OK ? rc : real(f)->pMethods->xSync(real(f), flags);
}

using methods = sqlite3_io_methods;
constexpr methods faulty_methods = {
    3,
    [](sqlite3_file* f) { return pass<&methods::xClose>(f); },
    [](sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
        return pass<&methods::xRead>(f, to, size, at);
    },
    write,
    truncate,
    sync,
    [](sqlite3_file* f, sqlite3_int64* out) { return pass<&methods::xFileSize>(f, out); },
    [](sqlite3_file* f, int level) { return pass<&methods::xLock>(f, level); },
    [](sqlite3_file* f, int level) { return pass<&methods::xUnlock>(f, level); },
    [](sqlite3_file* f, int* out) { return pass<&methods::xCheckReservedLock>(f, out); },
    [](sqlite3_file* f, int what, void* with) { return pass<&methods::xFileControl>(f, what, with); },
    [](sqlite3_file* f) { return pass<&methods::xSectorSize>(f); },
    [](sqlite3_file* f) { return pass<&methods::xDeviceCharacteristics>(f); },
    [](sqlite3_file* f, int page, int size, int extend, volatile void** out) {
        return pass<&methods::xShmMap>(f, page, size, extend, out);
    },
    [](sqlite3_file* f, int at, int n, int flags) { return pass<&methods::xShmLock>(f, at, n, flags); },
    [](sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); },
    [](sqlite3_file* f, int remove) { return pass<&methods::xShmUnmap>(f, remove); },
    // No memory-mapped pages: every write is seen.
    [](sqlite3_file*, sqlite3_int64, int, void** out) {
        *out = nullptr;
        return SQLITE_OK;
    },
    [](sqlite3_file*, sqlite3_int64, void*) { return SQLITE_OK; },
};

int open(sqlite3_vfs* v, sqlite3_filename name, sqlite3_file* f, int flags, int* out_flags) {
    auto* made = reinterpret_cast<file*>(f);
    auto* where = reinterpret_cast<faulty_vfs*>(v);
    made->plan = where;
    made->base.pMethods = nullptr;
    std::memset(made->real(), 0, static_cast<std::size_t>(where->real->szOsFile));
    const int rc = where->real->xOpen(where->real, name, made->real(), flags, out_flags);
    if (rc == SQLITE_OK) made->base.pMethods = &faulty_methods;
    return rc;
}

} // namespace

faulty_files::faulty_files() : vfs_(std::make_unique<vfs>()) {
    vfs_->real = sqlite3_vfs_find(nullptr);
    vfs_->base = *vfs_->real; // all that is not overwritten finds its own data in it
    vfs_->base.zName = "kin_faulty";
    vfs_->base.szOsFile = vfs_->real->szOsFile + static_cast<int>(sizeof(file));
    vfs_->base.xOpen = open;
    sqlite3_vfs_register(&vfs_->base, 1);
}

faulty_files::~faulty_files() {
    sqlite3_vfs_unregister(&vfs_->base);
    sqlite3_vfs_register(vfs_->real, 1);
}

void faulty_files::arm(file_fault what, std::size_t nth, bool for_ever) noexcept {
    vfs_->what = what;
    vfs_->left = nth;
    vfs_->for_ever = for_ever;
    vfs_->fired = false;
}

void faulty_files::disarm() noexcept {
    vfs_->left = 0;
    vfs_->for_ever = false;
}

bool faulty_files::fired() const noexcept { return vfs_->fired; }

} // namespace kin::testing
