#include "replay/environment/reader.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <simdjson.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include "genome/base/descriptor.hpp"
#include "genome/base/rng.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/malformed_json.hpp"
#include "replay/environment/question_reader.hpp"
#include "replay/parallel/for_each_index.hpp"
#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

namespace dom = simdjson::dom;

// The first question fixes what signals there are. The others know them by then and are read side by side, as
// that takes longer than to parse the text. Of several failures the first in the file is told.
void read_questions(dom::element root, Environment& environment) {
  const auto fail = [&](std::string_view problem) {
    throw InputError(fmt::format("{}: {}", genome::base::visible(environment.source), problem));
  };
  dom::array items;
  if (root.get(items)) fail(fmt::format("must be an array of questions, found {}", shown_value(root)));
  const std::vector<dom::element> elements(items.begin(), items.end());
  if (elements.empty()) fail("holds no questions");
  QuestionReader first(environment.source);
  environment.questions.resize(elements.size());
  environment.questions[0] = first.read(elements[0], 0);
  environment.signals = first.signals();
  environment.written_signals = first.written_signals();
  environment.collected = first.take_collected();
  std::vector<std::exception_ptr> failures(elements.size());
  std::vector<std::optional<QuestionReader>> readers(loop_slots());
  for_each_index(elements.size() - 1, [&](std::size_t i, std::size_t slot) {
    if (!readers[slot]) readers[slot].emplace(first);
    try {
      environment.questions[i + 1] = readers[slot]->read(elements[i + 1], i + 1);
    } catch (...) {
      failures[i + 1] = std::current_exception();
      readers[slot].reset();
    }
  });
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

// Looked at before anything is read: a device never ends, and to open a pipe waits for its other end.
std::size_t size_of_regular(int descriptor, const std::string& file) {
  struct stat there {};
  if (::fstat(descriptor, &there) != 0)
    throw InputError(fmt::format("{}: cannot be read: {}", file, std::generic_category().message(errno)));
  if (S_ISDIR(there.st_mode)) throw InputError(fmt::format("{}: is a directory, not a file", file));
  if (!S_ISREG(there.st_mode))
    throw InputError(fmt::format("{}: is a pipe or a device, not a regular file", file));
  const auto size = static_cast<std::size_t>(there.st_size);
  if (size > kMaxFileBytes) throw InputError(fmt::format("{}: is larger than {} bytes", file, kMaxFileBytes));
  return size;
}

std::string name_of(const std::filesystem::path& path) {
  const std::filesystem::path normal = path.lexically_normal();
  const std::string folder = normal.parent_path().filename().string();
  const std::string stem = normal.stem().string();
  return folder.empty() || folder == "." || folder == ".." ? stem : folder + "/" + stem;
}

}  // namespace

std::string file_bytes(const std::filesystem::path& path) {
  const std::string file = genome::base::visible(path.string());
  const genome::base::Descriptor stream(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!stream.open())
    throw InputError(fmt::format("{}: cannot be opened: {}", file, std::generic_category().message(errno)));
  std::string bytes;
  // simdjson reads a little past the end; with room for that the bytes need not be copied for it.
  bytes.reserve(size_of_regular(stream.number(), file) + simdjson::SIMDJSON_PADDING);
  std::array<char, 1U << 16U> chunk;
  for (;;) {
    take_breath();
    const ssize_t count = ::read(stream.number(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      throw InputError(fmt::format("{}: cannot be read: {}", file, std::generic_category().message(errno)));
    if (count == 0) return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(count));
    if (bytes.size() > kMaxFileBytes)  // it grew meanwhile
      throw InputError(fmt::format("{}: is larger than {} bytes", file, kMaxFileBytes));
  }
}

Environment read_environment(const std::filesystem::path& path) {
  return parse_environment(file_bytes(path), name_of(path), path.string());
}

Environment parse_environment(std::string bytes, std::string name, std::string source) {
  Environment environment{std::move(name), std::move(source), {}, {}, {}, {}};
  constexpr std::string_view kMark = "\xEF\xBB\xBF";  // the byte order mark some editors write
  const std::size_t begin = bytes.starts_with(kMark) ? kMark.size() : 0;
  if (bytes.find_first_not_of(" \t\r\n", begin) == std::string::npos) {
    throw InputError(fmt::format("{}: is empty", genome::base::visible(environment.source)));
  }
  dom::parser parser;
  dom::element root;
  simdjson::error_code error = simdjson::SUCCESS;
  const bool padded = bytes.capacity() - bytes.size() >= simdjson::SIMDJSON_PADDING;
  for_each_index(2, [&](std::size_t i, std::size_t) {
    if (i == 0)
      error = parser.parse(bytes.data() + begin, bytes.size() - begin, !padded).get(root);
    else
      environment.digest = environment_digest(bytes);
  });
  if (error) {
    bytes.erase(0, begin);
    throw InputError(malformed_json(bytes, environment.source, simdjson::error_message(error)));
  }
  read_questions(root, environment);
  return environment;
}

// SHA-1 would take four times as long as all of the reading (25 ms for a file of 2.5 MB); this takes one.
std::string environment_digest(std::string_view file_bytes) {
  constexpr std::size_t kBreath = 1U << 20U;  // bytes
  std::uint64_t hash = file_bytes.size();
  for (std::size_t i = 0; i < file_bytes.size(); i += sizeof(std::uint64_t)) {
    if (i % kBreath == 0) take_breath();
    std::uint64_t word = 0;
    std::memcpy(&word, file_bytes.data() + i, std::min(sizeof(word), file_bytes.size() - i));
    if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
    hash = genome::base::Rng::scramble(hash ^ word) + 0x9E3779B97F4A7C15ULL;
  }
  return fmt::format("{:016x}", hash);
}

std::string question_digest(const Question& question) {
  std::vector<std::string> branches;
  for (const Branch& branch : question.branches) {
    std::string answers;
    const auto add = [&](AnswerId id) {
      const std::string& answer = question.answers[static_cast<std::size_t>(id)];
      answers += fmt::format("{} {}\n", answer.size(), answer);
    };
    for (std::size_t i = 0; i < branch.probes; ++i) add(question.probes[branch.first_probe + i]);
    add(branch.final_answer);
    branches.push_back(std::move(answers));
  }
  std::ranges::sort(branches);
  std::string all =
      fmt::format("{} {}\n{} {}\n", question.text.size(), question.text, question.gold.size(), question.gold);
  for (const std::string& answers : branches) all += fmt::format("{}\n", answers);
  return environment_digest(all);
}

}  // namespace replay
