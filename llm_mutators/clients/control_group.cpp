#include "llm_mutators/clients/control_group.hpp"

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

#include "genome/base/descriptor.hpp"
#include "genome/base/file.hpp"

namespace llm_mutators {
namespace {

// Cuts the text up to the mark off the front, or all of it when there is no mark.
std::string_view cut(std::string_view& text, char mark) {
  const auto end = text.find(mark);
  const std::string_view front = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return front;
}

bool put(const std::filesystem::path& file, std::string_view text) {
  const genome::base::Descriptor out(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return out.open() && ::write(out.number(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// Deepest first; the files of such a folder go with it.
void remove_folders(const std::filesystem::path& folder, int depth) {
  constexpr int kDeepest = 64;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (const std::filesystem::directory_iterator end; !error && entry != end; entry.increment(error)) {
    if (depth < kDeepest && entry->symlink_status(error).type() == std::filesystem::file_type::directory)
      remove_folders(entry->path(), depth + 1);
  }
  ::rmdir(folder.c_str());
}

}  // namespace

std::optional<std::filesystem::path> control_group_folder(std::string_view mountinfo,
                                                          std::string_view cgroup) {
  std::optional<std::string_view> group;
  while (!cgroup.empty()) {
    const std::string_view line = cut(cgroup, '\n');
    if (line.starts_with("0::/")) group = line.substr(3);
  }
  while (group && !mountinfo.empty()) {
    std::string_view line = cut(mountinfo, '\n');
    if (line.find(" - cgroup2 ") == std::string_view::npos) continue;
    for (int skipped = 0; skipped < 3; ++skipped) cut(line, ' ');  // mount, parent, device
    const std::string_view root = cut(line, ' '), point = cut(line, ' ');
    if (point.find('\\') != std::string_view::npos) continue;  // an escaped name
    if (root == "/") return std::filesystem::path(point) / group->substr(1);
    if (*group == root) return std::filesystem::path(point);
    if (group->starts_with(root) && (*group)[root.size()] == '/')
      return std::filesystem::path(point) / group->substr(root.size() + 1);
  }
  return std::nullopt;
}

ControlGroup ControlGroup::made() {
  const auto mounts = genome::base::content_of("/proc/self/mountinfo");
  const auto groups = genome::base::content_of("/proc/self/cgroup");
  if (!mounts || !groups) return ControlGroup({});
  const auto above = control_group_folder(*mounts, *groups);
  if (!above) return ControlGroup({});
  std::string name = *above / "evotts-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) return ControlGroup({});
  return ControlGroup(name);
}

void ControlGroup::join() const {
  if (there()) put(folder_ / "cgroup.procs", "0");
}

void ControlGroup::kill() const {
  if (there()) put(folder_ / "cgroup.kill", "1");
}

// The last process of the group may have been waited for a moment before it leaves the group.
void ControlGroup::remove() const {
  std::error_code none;
  for (int tries = 0; there() && tries < 50 && std::filesystem::exists(folder_, none); ++tries) {
    if (tries > 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    remove_folders(folder_, 0);
  }
}

}  // namespace llm_mutators
