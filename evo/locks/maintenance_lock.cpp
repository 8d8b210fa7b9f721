#include "evo/locks/maintenance_lock.hpp"

#include <chrono>
#include <fcntl.h>
#include <iterator>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include "genome/base/file.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

// The maintenance of a run takes seconds.
constexpr auto kAbandoned = std::chrono::hours(1);

constexpr std::string_view kOurs = "evotts\n";

// git writes nothing into it.
bool is_abandoned(const fs::path& file) {
  if (genome::base::content_of(file) == kOurs) return true;  // of a writer of this run before us
  std::error_code missing;
  const auto written = fs::last_write_time(file, missing);
  return !missing && fs::file_time_type::clock::now() - written > kAbandoned;
}

bool make(const fs::path& file) {
  const int made = open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
  if (made < 0) return false;
  const bool wrote = write(made, kOurs.data(), kOurs.size()) == std::ssize(kOurs);
  return close(made) == 0 && wrote;
}

}  // namespace

MaintenanceLock::MaintenanceLock(const fs::path& run)
    : file_(run / ".git" / "objects" / "maintenance.lock"), ours_(make(file_)) {
  std::error_code ignored;
  if (!ours_ && is_abandoned(file_)) ours_ = fs::remove(file_, ignored) && make(file_);
}

MaintenanceLock::~MaintenanceLock() {
  std::error_code ignored;
  if (ours_) fs::remove(file_, ignored);
}

}  // namespace evo
