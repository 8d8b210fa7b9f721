#include "llm_mutators/journal.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "genome/base/digest.hpp"
#include "llm_mutators/descriptor.hpp"
#include "llm_mutators/foreign_text.hpp"
#include "llm_mutators/reply.hpp"

namespace llm_mutators {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

std::string digest_of(std::string_view client, const Question& q) {
  std::string all = fmt::format("exchange {}\n", kFormat);
  const auto add = [&](std::string_view part) { all += fmt::format("{} {}\n", part.size(), part); };
  add(client);
  add(q.purpose);
  add(fmt::format("{} {} {}", q.generation, q.index, q.attempt));
  add(q.prompt);
  return genome::base::sha1_hex(all);
}

// The question as a record can hold it.
Question writable(const Question& question) {
  Question valid = question;
  valid.purpose = valid_utf8(question.purpose);
  valid.prompt = valid_utf8(question.prompt);
  return valid;
}

std::string record_text(const std::string& digest, std::string_view client, const Question& q,
                        const std::string& reply) {
  const Json json = {
      {"format", kFormat},
      {"digest", digest},
      {"client", client},
      {"purpose", q.purpose},
      {"generation", q.generation},
      {"index", q.index},
      {"attempt", q.attempt},
      {"hypothesis", hypothesis_in(reply)},
      {"prompt", q.prompt},
      {"outcome", "answered"},
      {"reply_sha1", genome::base::sha1_hex(reply)},
      {"reply", reply},
  };
  return json.dump(2) + "\n";
}

// The reply in a record, if it is a whole one and about this digest.
std::optional<std::string> reply_in(const std::string& record, const std::string& digest) {
  const Json json = Json::parse(record, nullptr, false);
  const auto holds = [&](const char* key, const Json& value) {
    const auto at = json.find(key);
    return at != json.end() && *at == value;
  };
  if (!json.is_object() || !holds("format", kFormat) || !holds("digest", digest) ||
      !holds("outcome", "answered"))
    return std::nullopt;
  const auto reply = json.find("reply");
  if (reply == json.end() || !reply->is_string()) return std::nullopt;
  std::string text = reply->get<std::string>();
  if (!holds("reply_sha1", genome::base::sha1_hex(text))) return std::nullopt;
  return text;
}

std::optional<std::string> content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

[[noreturn]] void fail(const fs::path& path, std::string_view operation) {
  throw JournalError(fmt::format("{}: cannot {}: {}", path.string(), operation, std::strerror(errno)));
}

void sync_folder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.number()) != 0) fail(folder, "sync the folder");
}

// Under its name there is never anything but the whole text.
void write_durably(const fs::path& path, std::string_view text) {
  fs::path half = path;
  half += ".half";
  {
    const Descriptor file(::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file.open()) fail(half, "make the file");
    while (!text.empty()) {
      const ssize_t count = ::write(file.number(), text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail(half, "write");
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fsync(file.number()) != 0) fail(half, "sync");
  }
  if (std::rename(half.c_str(), path.c_str()) != 0) fail(path, "put the record in its place");
  sync_folder(path.parent_path());
}

}  // namespace

fs::path Journal::path_of(const std::string& digest) const { return options_.spool / (digest + ".json"); }

void Journal::tell(const std::string& message) const {
  if (options_.tell) options_.tell(message);
}

std::optional<Kept> Journal::recall(std::string_view client, const Question& question) const {
  const std::string digest = digest_of(valid_utf8(client), writable(question));
  if (const auto record = content_of(path_of(digest))) {
    if (auto reply = reply_in(*record, digest)) return Kept{{digest, *record}, std::move(*reply)};
    tell(
        fmt::format("{}: is damaged; it is ignored, and the model is asked again", path_of(digest).string()));
  }
  const auto record = options_.committed ? options_.committed(digest) : std::nullopt;
  if (!record) return std::nullopt;
  if (auto reply = reply_in(*record, digest)) return Kept{{digest, *record}, std::move(*reply)};
  tell(fmt::format("the exchange {} in the run is damaged; it is ignored, and the model is asked again",
                   digest));
  return std::nullopt;
}

Kept Journal::record(std::string_view client, const Question& question, std::string_view reply) const {
  const Question valid = writable(question);
  const std::string name = valid_utf8(client);
  const std::string digest = digest_of(name, valid);
  Kept kept{{digest, {}}, valid_utf8(reply)};
  kept.exchange.json = record_text(digest, name, valid, kept.reply);
  std::error_code error;
  fs::create_directories(options_.spool, error);
  if (error)
    throw JournalError(
        fmt::format("{}: cannot make the folder: {}", options_.spool.string(), error.message()));
  write_durably(path_of(digest), kept.exchange.json);
  return kept;
}

void Journal::drop_committed() const {
  if (!options_.committed) return;
  std::error_code ignored;  // what cannot be tidied up is in nobody's way
  for (fs::directory_iterator entry(options_.spool, ignored), end; entry != end; entry.increment(ignored)) {
    const fs::path& path = entry->path();
    if (path.extension() != ".json") continue;
    const auto committed = options_.committed(path.stem().string());
    if (committed && committed == content_of(path)) fs::remove(path, ignored);
  }
}

}  // namespace llm_mutators
