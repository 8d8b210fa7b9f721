#include "genome/base/open_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <initializer_list>
#include <paths.h>
#include <sys/resource.h>
#include <system_error>

#include "genome/base/descriptor.hpp"

namespace genome::base {

namespace {

// Of errno; 0: files can be opened.
int reason_of(std::string_view message) {
  const int before = errno;
  const Descriptor probe(::open(_PATH_DEVNULL, O_RDONLY | O_CLOEXEC));
  int reason = probe.open() ? 0 : errno;
  for (const int each : {EMFILE, ENFILE}) {
    if (message.find(std::generic_category().message(each)) != message.npos) reason = each;
  }
  errno = before;
  return reason;
}

}  // namespace

std::string open_files_advice(std::string_view message) {
  const int reason = reason_of(message);
  if (reason == ENFILE) return "; the system has too many open files";
  if (reason != EMFILE) return {};
  constexpr rlim_t kEnough = 1024;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return fmt::format("; too many files are open (at most {}): raise the limit with 'ulimit -n {}'",
                     limit.rlim_cur, std::max(kEnough, 2 * limit.rlim_cur));
}

}  // namespace genome::base
