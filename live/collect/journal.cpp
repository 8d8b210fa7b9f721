#include "live/collect/journal.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "genome/base/file.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::fail_at;
using genome::base::visible;
using Json = nlohmann::json;
using replay::InputError;

constexpr int kVersion = 1;
constexpr std::string_view kHead = R"({"evotts":"collecting",)";  // how a journal begins
constexpr std::size_t kPiece = std::size_t{1} << 20U;

[[noreturn]] void damaged(const std::filesystem::path& path, std::size_t line, const std::string& why) {
  throw InputError(fmt::format("{}: line {} is damaged: {}; mend it or move the file away to begin anew",
                               visible(path.string()), line, visible(why)));
}

}  // namespace

std::filesystem::path journal_path(const std::filesystem::path& environment) {
  std::filesystem::path path = environment;
  return path.replace_extension(".collecting.jsonl");
}

Journal::Journal(std::filesystem::path path, const Json& settings) : path_(std::move(path)) {
  file_ = genome::base::Descriptor(
      ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666));
  if (!file_.open()) fail_at("open", path_);
  struct stat about {};
  if (::fstat(file_.number(), &about) != 0) fail_at("look at", path_);
  if (!S_ISREG(about.st_mode))
    throw InputError(fmt::format("{}: is no regular file", visible(path_.string())));
  lock();
  load(settings);
}

void Journal::lock() {
  while (::flock(file_.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK)
      throw InputError(
          fmt::format("{}: another evotts collect is writing it; wait for that, or choose another --out",
                      visible(path_.string())));
    fail_at("lock", path_);
  }
}

// Reads it in pieces, as texts may be long and many; what follows the last line end was never finished.
void Journal::load(const Json& settings) {
  std::string rest, piece(kPiece, '\0');
  std::uint64_t read = 0;
  std::size_t lines = 0;
  for (;;) {
    const ssize_t count = ::pread(file_.number(), piece.data(), piece.size(), static_cast<off_t>(read));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_at("read", path_);
    if (count == 0) break;
    read += static_cast<std::uint64_t>(count);
    std::size_t from = rest.size();  // no line end is before it
    rest.append(piece, 0, static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (std::size_t end; (end = rest.find('\n', from)) != std::string::npos; begin = from = end + 1) {
      const std::string_view line = std::string_view(rest).substr(begin, end - begin);
      if (++lines == 1) {
        const Json first = genome::base::read_json(line);
        if (!first.is_object() || first.value("evotts", Json()) != "collecting" ||
            !first.contains("settings"))
          throw InputError(fmt::format("{}: is no journal of a collection", visible(path_.string())));
        if (first.value("version", Json()) != kVersion)
          throw InputError(
              fmt::format("{}: was written by another version of evotts", visible(path_.string())));
        expect_settings(first["settings"], settings);
      } else {
        take(line, size_, lines);
      }
      size_ += line.size() + 1;
    }
    rest.erase(0, begin);
    if (rest.size() > genome::base::kMostJsonBytes) damaged(path_, lines + 1, "it is too long");
  }
  const std::string_view begun = std::string_view(rest).substr(0, kHead.size());
  if (lines == 0 && begun != kHead.substr(0, begun.size()))
    throw InputError(fmt::format("{}: is no journal of a collection", visible(path_.string())));
  if (read > size_ && ::ftruncate(file_.number(), static_cast<off_t>(size_)) != 0) fail_at("cut", path_);
  if (lines == 0) begin(settings);
}

void Journal::begin(const Json& settings) {
  append({{"evotts", "collecting"}, {"version", kVersion}, {"settings", settings}});
  sync();
  genome::base::sync_path(path_.has_parent_path() ? path_.parent_path() : ".");
}

void Journal::expect_settings(const Json& found, const Json& wanted) const {
  std::vector<std::string> other;
  for (const auto& [name, value] : wanted.items()) {
    if (!found.contains(name) || found[name] != value)
      other.push_back(
          fmt::format("{} (was {}, is {})", name,
                      visible(found.contains(name) ? found[name].dump(-1, ' ', true) : "none", 80),
                      visible(value.dump(-1, ' ', true), 80)));
  }
  if (!other.empty())
    throw InputError(fmt::format(
        "{}: a collection with other settings was begun here: {}. Go on with the same, or remove the file",
        visible(path_.string()), fmt::join(other, ", ")));
}

void Journal::take(std::string_view line, std::uint64_t offset, std::size_t number) {
  try {
    const Json json = genome::base::expect_json(line);
    if (json.contains("open")) {
      spent_before_ = spent_of(json.at("spent"));
      spent_before_ += spent_of(json.at("open"));
    } else {
      keep(branch_of(json), {offset, line.size()});
    }
  } catch (const std::exception& error) {
    damaged(path_, number, error.what());
  }
}

void Journal::keep(const CollectedBranch& branch, Place place) {
  std::vector<std::string> names;
  for (const auto& [name, numbers] : branch.signals) names.push_back(name);
  const auto known = std::ranges::find(signal_sets_, names);
  place.signals = static_cast<std::size_t>(known - signal_sets_.begin());
  if (known == signal_sets_.end()) signal_sets_.push_back(std::move(names));
  if (!places_.emplace(std::pair(branch.question, branch.number), place).second)
    throw std::invalid_argument(
        fmt::format("branch {} of question {} is there twice", branch.number, branch.question));
  tokens_ += branch.tokens;
  if (branch.cut) ++cut_;
}

void Journal::add(const CollectedBranch& branch) {
  const std::uint64_t offset = size_;
  append(json_of(branch));
  keep(branch, {offset, static_cast<std::size_t>(size_ - offset - 1)});
}

void Journal::note(const Spent& spent, const Spent& open) {
  append({{"spent", json_of(spent)}, {"open", json_of(open)}});
}

void Journal::append(const Json& line) {
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file_.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int why = errno;
      // Half a line would be dropped by the next opening anyway.
      if (::ftruncate(file_.number(), static_cast<off_t>(size_)) != 0) errno = why;
      errno = why;
      fail_at("write", path_);
    }
    done += static_cast<std::size_t>(count);
  }
  size_ += text.size();
}

void Journal::sync() {
  while (::fdatasync(file_.number()) != 0) {
    if (errno != EINTR) fail_at("sync", path_);
  }
}

std::string Journal::bytes_at(Place place) const {
  std::string text(place.bytes, '\0');
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::pread(file_.number(), text.data() + done, text.size() - done,
                                  static_cast<off_t>(place.offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_at("read", path_);
    if (count == 0) throw InputError(fmt::format("{}: was cut while it was in use", visible(path_.string())));
    done += static_cast<std::size_t>(count);
  }
  return text;
}

CollectedBranch Journal::read(std::size_t question, std::size_t number) const {
  const Place place = places_.at({question, number});
  try {
    return branch_of(genome::base::expect_json(bytes_at(place)));
  } catch (const genome::base::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw InputError(fmt::format("{}: branch {} of question {}: {}", visible(path_.string()), number,
                                 question, visible(error.what())));
  }
}

void Journal::remove() {
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT) fail_at("remove", path_);
}

}  // namespace live
