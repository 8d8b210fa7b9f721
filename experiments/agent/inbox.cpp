#include "experiments/agent/inbox.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include "genome/base/descriptor.hpp"
#include "genome/base/error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::Descriptor;

constexpr auto kBetweenLooks = std::chrono::milliseconds(100);
constexpr const char *kQuestion = ".question", *kReply = ".reply";

// In the order of time; of one moment, told apart by process and count.
std::string new_id() {
  static std::atomic<unsigned> count{0};
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{:016}-{}-{}", std::chrono::duration_cast<std::chrono::microseconds>(now).count(),
                     ::getpid(), ++count);
}

// Ids come from outside, too, and become names of files.
bool is_id(const std::string& text) {
  return !text.empty() && text.size() < 60 &&
         std::ranges::all_of(text, [](char c) { return c == '-' || (c >= '0' && c <= '9'); });
}

// Removed whatever comes.
class RemovedAtTheEnd {
 public:
  explicit RemovedAtTheEnd(fs::path path) : path_(std::move(path)) {}
  ~RemovedAtTheEnd() {
    std::error_code gone;
    fs::remove(path_, gone);
  }
  RemovedAtTheEnd(const RemovedAtTheEnd&) = delete;
  RemovedAtTheEnd& operator=(const RemovedAtTheEnd&) = delete;

 private:
  fs::path path_;
};

void make_private_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return;
  genome::base::fail_at("create", folder);
}

// Written and locked under another name first: whoever sees a question sees all of it, and its lock.
Descriptor locked_question(const fs::path& path, const std::string& text) {
  const fs::path beside = path.string() + ".new";
  Descriptor file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.open() || ::flock(file.number(), LOCK_EX) != 0) genome::base::fail_at("create", beside);
  const RemovedAtTheEnd removed(beside);
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t count = ::write(file.number(), left.data(), left.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) genome::base::fail_at("write", beside);
    left.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::link(beside.c_str(), path.c_str()) != 0) genome::base::fail_at("create", path);
  return file;
}

std::optional<std::string> bounded_content(const fs::path& path) {
  std::error_code gone;
  if (!fs::is_regular_file(fs::symlink_status(path, gone))) return std::nullopt;
  if (fs::file_size(path, gone) > Inbox::kMostBytes) return std::nullopt;
  return genome::base::content_of(path);
}

std::int64_t seconds_since(const fs::path& path) {
  std::error_code gone;
  const auto then = fs::last_write_time(path, gone);
  if (gone) return 0;
  return std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::seconds>(fs::file_time_type::clock::now() - then).count());
}

}  // namespace

std::optional<std::string> Inbox::ask(const std::string& prompt, double seconds,
                                      const std::function<bool()>& stop) const {
  make_private_folder(folder_);
  remove_abandoned();
  const std::string id = new_id();
  const RemovedAtTheEnd reply(reply_to(id)), question(question_of(id));
  const Descriptor lock = locked_question(question_of(id), prompt);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < deadline && !(stop && stop())) {
    if (auto text = bounded_content(reply_to(id))) return text;
    std::this_thread::sleep_for(kBetweenLooks);
  }
  return std::nullopt;
}

std::vector<std::string> Inbox::ids() const {
  std::vector<std::string> ids;
  std::error_code none;
  for (fs::directory_iterator at(folder_, none), end; !none && at != end; at.increment(none)) {
    const fs::path name = at->path().filename();
    if (name.extension() == kQuestion && is_id(name.stem().string())) ids.push_back(name.stem().string());
  }
  std::ranges::sort(ids);
  return ids;
}

// Who waits holds the lock, and holds it no more when it is dead.
bool Inbox::is_waited_for(const fs::path& question) const {
  const Descriptor file(::open(question.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return file.open() && ::flock(file.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

bool Inbox::has_reply(const std::string& id) const {
  std::error_code unknown;
  return fs::exists(fs::symlink_status(reply_to(id), unknown));
}

void Inbox::remove_abandoned() const {
  for (const std::string& id : ids()) {
    if (is_waited_for(question_of(id))) continue;
    std::error_code gone;
    fs::remove(question_of(id), gone);
    fs::remove(reply_to(id), gone);
  }
}

std::vector<OpenQuestion> Inbox::open() const {
  std::vector<OpenQuestion> questions;
  for (const std::string& id : ids()) {
    if (has_reply(id) || !is_waited_for(question_of(id))) continue;
    if (auto text = bounded_content(question_of(id)))
      questions.push_back({id, std::move(*text), seconds_since(question_of(id))});
  }
  return questions;
}

std::optional<std::string> Inbox::reply(const std::string& text, const std::string& id) const {
  const fs::path beside = folder_ / (new_id() + kReply + ".new");
  for (const std::string& each : ids()) {
    if ((!id.empty() && each != id) || has_reply(each) || !is_waited_for(question_of(each))) continue;
    const RemovedAtTheEnd removed(beside);
    genome::base::OutputFile file(beside);
    file.write(text);
    file.close();
    if (::link(beside.c_str(), reply_to(each).c_str()) == 0) return each;
    if (errno != EEXIST) genome::base::fail_at("create", reply_to(each));
  }
  return std::nullopt;
}

}  // namespace experiments
