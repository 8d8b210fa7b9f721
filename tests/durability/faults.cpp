#include "tests/durability/faults.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <map>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace faults {
namespace {

struct Rename {
  std::string from, to, backup;  // backup: a link to what was replaced
};

struct World {
  Plan plan;
  std::string calls;
  bool failing = false;                   // from now on
  std::map<ino_t, std::string> unsynced;  // written files, by where they are
  std::vector<Rename> renames;            // of folders not synced
  int backups = 0;
};

World* world = nullptr;

bool counts(const std::string& path) { return world != nullptr && path.starts_with(world->plan.root); }

std::string absolute(int folder, const char* path) {
  if (path[0] == '/') return path;
  char base[4096];
  const std::string link = folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(folder);
  const ssize_t size = readlink(link.c_str(), base, sizeof base);
  return size < 0 ? path : std::string(base, static_cast<std::size_t>(size)) + "/" + path;
}

std::string path_of(int file) {
  char path[4096];
  const ssize_t size = readlink(("/proc/self/fd/" + std::to_string(file)).c_str(), path, sizeof path);
  return size < 0 ? "" : std::string(path, static_cast<std::size_t>(size));
}

std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

[[noreturn]] void die() {
  kill(getpid(), SIGKILL);
  while (true) pause();
}

enum class Call : char { kWrite = 'w', kSync = 's', kName = 'n', kMake = 'c' };

bool needs_space(Call call) { return call == Call::kWrite || call == Call::kMake; }

// Whether this call is to fail; `error` is errno then. Does not return when the process is to die.
bool goes_wrong(const std::string& path, Call call, int& error) {
  if (!counts(path)) return false;
  world->calls += static_cast<char>(call);
  const Kind kind = world->plan.kind;
  const bool now = std::ssize(world->calls) == world->plan.at;
  if (now && kind == Kind::kKill) die();
  if (now && (kind == Kind::kPower || kind == Kind::kPowerNames)) cut_power(kind);
  if (now && (kind == Kind::kFull || kind == Kind::kReadOnly)) world->failing = true;
  if (now && kind == Kind::kBroken) {
    error = EIO;
    return true;
  }
  error = kind == Kind::kFull ? ENOSPC : EROFS;
  return world->failing && (kind == Kind::kReadOnly || needs_space(call));
}

bool is_short_now() {
  return world != nullptr && world->plan.kind == Kind::kShort && std::ssize(world->calls) == world->plan.at;
}
bool is_half_now() {
  return world != nullptr && world->plan.kind == Kind::kHalf && std::ssize(world->calls) == world->plan.at;
}

int fail(int error) {
  errno = error;
  return -1;
}

void note_written(int file, const std::string& path) {
  struct stat info {};
  if (counts(path) && fstat(file, &info) == 0 && S_ISREG(info.st_mode)) world->unsynced[info.st_ino] = path;
}

void note_synced(int file, const std::string& path) {
  struct stat info {};
  if (!counts(path) || fstat(file, &info) != 0) return;
  world->unsynced.erase(info.st_ino);
  if (!S_ISDIR(info.st_mode)) return;
  std::erase_if(world->renames, [&](const Rename& each) { return folder_of(each.to) == path; });
}

ssize_t written(int file, const void* bytes, std::size_t count, long position, const std::string& path) {
  if ((is_short_now() || is_half_now()) && counts(path)) count = (count + 1) / 2;
  const long result = position < 0 ? syscall(SYS_write, file, bytes, count)
                                   : syscall(SYS_pwrite64, file, bytes, count, position);
  note_written(file, path);
  if (is_short_now() && counts(path)) die();
  return result;
}

// A call is made whole and the process dies after it.
long made(long result, const std::string& path) {
  if (is_short_now() && counts(path)) die();
  return result;
}

Kind kind_named(const std::string& name) {
  static const std::map<std::string, Kind> kinds = {
      {"count", Kind::kCount},   {"kill", Kind::kKill},         {"short", Kind::kShort},
      {"power", Kind::kPower},   {"names", Kind::kPowerNames},  {"full", Kind::kFull},
      {"broken", Kind::kBroken}, {"readonly", Kind::kReadOnly}, {"half", Kind::kHalf}};
  const auto found = kinds.find(name);
  if (found == kinds.end()) std::abort();
  return found->second;
}

// For a program that this library was loaded into.
[[gnu::constructor]] void arm_from_environment() {
  const char* text = std::getenv("EVOTTS_FAULTS");
  if (text == nullptr) return;
  int at = 0;
  char kind[32], root[4000];
  if (std::sscanf(text, "%d %31s %3999s", &at, kind, root) == 3) arm({root, at, kind_named(kind)});
}

[[gnu::destructor]] void tell_count() {
  const char* file = std::getenv("EVOTTS_FAULTS_COUNT");
  if (file == nullptr || world == nullptr) return;
  if (std::FILE* out = std::fopen(file, "w")) {
    std::fprintf(out, "%s\n", world->calls.c_str());
    std::fclose(out);
  }
}

}  // namespace

void arm(const Plan& plan) {
  delete world;
  world = new World{.plan = plan, .unsynced = {}, .renames = {}};
}

void disarm() {
  delete world;
  world = nullptr;
}

std::string calls() { return world == nullptr ? "" : world->calls; }

void cut_power(Kind kind) {
  for (const auto& [inode, path] : world->unsynced) {
    struct stat info {};
    if (stat(path.c_str(), &info) == 0 && info.st_ino == inode) syscall(SYS_truncate, path.c_str(), 0L);
  }
  if (kind == Kind::kPowerNames) {
    for (std::size_t i = world->renames.size(); i-- > 0;) {
      const Rename& each = world->renames[i];
      syscall(SYS_rename, each.to.c_str(), each.from.c_str());
      if (!each.backup.empty()) syscall(SYS_rename, each.backup.c_str(), each.to.c_str());
    }
  }
  die();
}

namespace {

int opened(int folder, const char* path, int flags, mode_t mode) {
  const bool changes = (flags & (O_CREAT | O_TRUNC)) != 0 && world != nullptr;
  int error = 0;
  const std::string whole = changes ? absolute(folder, path) : "";
  if (changes && goes_wrong(whole, Call::kMake, error)) return fail(error);
  const int file = static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
  if (changes && file >= 0 && (flags & O_ACCMODE) != O_RDONLY) note_written(file, whole);
  return changes ? static_cast<int>(made(file, whole)) : file;
}

int renamed(const char* from, const char* to, unsigned flags) {
  const std::string old_path = absolute(AT_FDCWD, from), new_path = absolute(AT_FDCWD, to);
  int error = 0;
  if (goes_wrong(new_path, Call::kName, error)) return fail(error);
  Rename note{old_path, new_path, ""};
  if (counts(new_path) && access(to, F_OK) == 0) {
    note.backup = world->plan.root + ".backup" + std::to_string(world->backups++);
    syscall(SYS_unlink, note.backup.c_str());
    syscall(SYS_link, to, note.backup.c_str());
  }
  const long result = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
  if (result == 0 && counts(new_path)) {
    for (auto& [inode, path] : world->unsynced) {
      if (path == old_path) path = new_path;
    }
    world->renames.push_back(note);
  }
  return static_cast<int>(made(result, new_path));
}

template <class Make>
int changed(const char* path, Call call, Make&& make) {
  const std::string whole = absolute(AT_FDCWD, path);
  int error = 0;
  if (goes_wrong(whole, call, error)) return fail(error);
  return static_cast<int>(made(make(), whole));
}

}  // namespace
}  // namespace faults

using faults::Call;

extern "C" {

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return faults::opened(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return faults::opened(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int creat(const char* path, mode_t mode) {
  return faults::opened(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}
int creat64(const char* path, mode_t mode) { return creat(path, mode); }

ssize_t write(int file, const void* bytes, std::size_t count) {
  if (faults::world == nullptr) return syscall(SYS_write, file, bytes, count);
  const std::string path = faults::path_of(file);
  int error = 0;
  if (faults::goes_wrong(path, Call::kWrite, error)) return faults::fail(error);
  return faults::written(file, bytes, count, -1, path);
}
ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t position) {
  if (faults::world == nullptr) return syscall(SYS_pwrite64, file, bytes, count, position);
  const std::string path = faults::path_of(file);
  int error = 0;
  if (faults::goes_wrong(path, Call::kWrite, error)) return faults::fail(error);
  return faults::written(file, bytes, count, position, path);
}
ssize_t pwrite64(int file, const void* bytes, std::size_t count, off_t position) {
  return pwrite(file, bytes, count, position);
}
int ftruncate(int file, off_t size) noexcept {
  const std::string path = faults::world == nullptr ? "" : faults::path_of(file);
  int error = 0;
  if (faults::goes_wrong(path, Call::kWrite, error)) return faults::fail(error);
  const long result = syscall(SYS_ftruncate, file, size);
  if (faults::world != nullptr) faults::note_written(file, path);
  return static_cast<int>(faults::made(result, path));
}
int ftruncate64(int file, off_t size) noexcept { return ftruncate(file, size); }

void* mmap(void* where, std::size_t size, int protection, int flags, int file, off_t offset) noexcept {
  const bool writes =
      faults::world != nullptr && file >= 0 && (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0;
  const std::string path = writes ? faults::path_of(file) : "";
  int error = 0;
  if (writes && faults::goes_wrong(path, Call::kWrite, error)) {
    errno = error;
    return MAP_FAILED;
  }
  void* const result =
      reinterpret_cast<void*>(syscall(SYS_mmap, where, size, protection, flags, file, offset));
  if (writes) faults::note_written(file, path);
  return result;
}
void* mmap64(void* where, std::size_t size, int protection, int flags, int file, off_t offset) noexcept {
  return mmap(where, size, protection, flags, file, offset);
}

int fsync(int file) {
  const std::string path = faults::world == nullptr ? "" : faults::path_of(file);
  int error = 0;
  if (faults::goes_wrong(path, Call::kSync, error)) return faults::fail(error);
  // Nothing needs to reach a disk here: what would be lost is known.
  if (faults::world == nullptr || !faults::counts(path)) return static_cast<int>(syscall(SYS_fsync, file));
  faults::note_synced(file, path);
  return static_cast<int>(faults::made(0, path));
}
int fdatasync(int file) { return fsync(file); }

int rename(const char* from, const char* to) noexcept {
  if (faults::world == nullptr) return static_cast<int>(syscall(SYS_rename, from, to));
  return faults::renamed(from, to, 0);
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  if (faults::world == nullptr || from_folder != AT_FDCWD || to_folder != AT_FDCWD)
    return static_cast<int>(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
  return faults::renamed(from, to, flags);
}
int unlink(const char* path) noexcept {
  return faults::changed(path, Call::kName, [&] { return syscall(SYS_unlink, path); });
}
int rmdir(const char* path) noexcept {
  return faults::changed(path, Call::kName, [&] { return syscall(SYS_rmdir, path); });
}
int remove(const char* path) noexcept {
  return faults::changed(path, Call::kName, [&] {
    const long result = syscall(SYS_unlink, path);
    return result != 0 && errno == EISDIR ? syscall(SYS_rmdir, path) : result;
  });
}
int mkdir(const char* path, mode_t mode) noexcept {
  return faults::changed(path, Call::kMake, [&] { return syscall(SYS_mkdir, path, mode); });
}
int link(const char* from, const char* to) noexcept {
  return faults::changed(to, Call::kMake, [&] { return syscall(SYS_link, from, to); });
}

}  // extern "C"
