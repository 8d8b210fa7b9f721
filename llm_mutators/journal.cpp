#include "llm_mutators/journal.hpp"

#include <algorithm>
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
#include "llm_mutators/json_pieces.hpp"
#include "llm_mutators/reply.hpp"

namespace llm_mutators {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 2;

// The question as a record can hold it.
Question writable(const Question& question) {
  Question valid = question;
  valid.purpose = valid_utf8(question.purpose);
  valid.prompt.constant = valid_utf8(question.prompt.constant);
  valid.prompt.rest = valid_utf8(question.prompt.rest);
  return valid;
}

Json usage_json(const Usage& usage) {
  Json json = Json::object();
  const auto add = [&](const char* key, const std::optional<std::int64_t>& count) {
    if (count) json[key] = *count;
  };
  add("input", usage.input);
  add("cached_read", usage.cached_read);
  add("cache_write", usage.cache_write);
  add("output", usage.output);
  add("reasoning", usage.reasoning);
  return json;
}

Usage usage_of(const nlohmann::json& json) {
  return {.input = count_of(piece(json, "input")),
          .cached_read = count_of(piece(json, "cached_read")),
          .cache_write = count_of(piece(json, "cache_write")),
          .output = count_of(piece(json, "output")),
          .reasoning = count_of(piece(json, "reasoning"))};
}

Json question_json(const std::string& digest, std::string_view client, const Question& q) {
  return {{"format", kFormat},          {"digest", digest}, {"client", client},    {"purpose", q.purpose},
          {"generation", q.generation}, {"index", q.index}, {"attempt", q.attempt}};
}

std::string asked_text(const std::string& digest, std::string_view client, const Question& q) {
  Json json = question_json(digest, client, q);
  json["outcome"] = "asked";
  json["seed"] = q.prompt.seed;
  json["constant_bytes"] = q.prompt.constant.size();
  json["prompt"] = q.prompt.text();
  json["known"] = q.known;
  return json.dump(2) + "\n";
}

std::string record_text(const std::string& digest, std::string_view client, const Question& q,
                        const Reply& reply, double cost) {
  Json json = question_json(digest, client, q);
  json["parameters"] =
      reply.parameters.empty() ? Json::object() : Json::parse(reply.parameters, nullptr, false);
  json["hypothesis"] = hypothesis_in(reply.text);
  json["prompt"] = q.prompt.text();
  json["outcome"] = name_of(reply.outcome);
  if (!reply.error.empty()) json["error"] = reply.error;
  if (reply.hopeless) json["hopeless"] = true;
  if (!reply.served_by.empty()) json["served_by"] = reply.served_by;
  json["usage"] = usage_json(reply.usage);
  if (reply.lost > 0) json["lost"] = reply.lost;
  json["cost"] = cost;
  json["reply_sha1"] = genome::base::sha1_hex(reply.text);
  json["reply"] = reply.text;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Reply::Outcome> outcome_named(const std::string& name) {
  using Outcome = Reply::Outcome;
  for (const Outcome each : {Outcome::kAnswered, Outcome::kTruncated, Outcome::kRefused, Outcome::kTimedOut,
                             Outcome::kFailed, Outcome::kTooLong, Outcome::kStopped, Outcome::kSkipped}) {
    if (name == name_of(each)) return each;
  }
  return std::nullopt;
}

// The record as JSON, if it is one about this digest.
std::optional<nlohmann::json> record_about(const std::string& record, const std::string& digest) {
  nlohmann::json json = nlohmann::json::parse(record, nullptr, false);
  const nlohmann::json* format = piece(json, "format");
  if (format == nullptr || *format != kFormat || text_of(piece(json, "digest")) != digest)
    return std::nullopt;
  return json;
}

// The reply in a record, if it is a whole one and about this digest.
std::optional<Kept> reply_in(const std::string& record, const std::string& digest) {
  const auto json = record_about(record, digest);
  if (!json) return std::nullopt;
  const auto outcome = outcome_named(text_of(piece(*json, "outcome")));
  const nlohmann::json* reply = piece(*json, "reply");
  const nlohmann::json* cost = piece(*json, "cost");
  if (!outcome || reply == nullptr || !reply->is_string() || cost == nullptr || !cost->is_number())
    return std::nullopt;
  Kept kept{.exchange = {digest, record}, .cost = cost->get<double>()};
  kept.reply = {
      .outcome = *outcome, .text = reply->get<std::string>(), .error = text_of(piece(*json, "error"))};
  if (text_of(piece(*json, "reply_sha1")) != genome::base::sha1_hex(kept.reply.text)) return std::nullopt;
  if (const nlohmann::json* usage = piece(*json, "usage")) kept.reply.usage = usage_of(*usage);
  kept.reply.hopeless = piece(*json, "hopeless") != nullptr;
  kept.reply.lost =
      static_cast<int>(std::min<std::int64_t>(count_of(piece(*json, "lost")).value_or(0), 1000));
  if (const auto entered = count_of(piece(*json, "entered"))) kept.entered = static_cast<int>(*entered);
  return kept;
}

bool is_asked(const std::string& record, const std::string& digest) {
  const auto json = record_about(record, digest);
  return json && text_of(piece(*json, "outcome")) == "asked";
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

std::string Journal::digest_of(std::string_view client, const Question& question) {
  const Question q = writable(question);
  std::string all = fmt::format("exchange {}\n", kFormat);
  const auto add = [&](std::string_view part) { all += fmt::format("{} {}\n", part.size(), part); };
  add(valid_utf8(client));
  add(q.purpose);
  add(fmt::format("{} {} {}", q.generation, q.index, q.attempt));
  add(q.prompt.text());
  return genome::base::sha1_hex(all);
}

std::optional<Kept> Journal::recall_spooled(std::string_view client, const Question& question) const {
  const std::string digest = digest_of(client, question);
  const auto record = content_of(path_of(digest));
  if (!record) return std::nullopt;
  if (auto kept = reply_in(*record, digest)) return kept;
  tell(fmt::format("{}: is damaged; it is ignored, and the model is asked again", path_of(digest).string()));
  return std::nullopt;
}

std::optional<Kept> Journal::recall(std::string_view client, const Question& question) const {
  if (auto spooled = recall_spooled(client, question)) return spooled;
  return in_run(digest_of(client, question));
}

std::optional<Kept> Journal::in_run(const std::string& digest) const {
  const auto record = options_.committed ? options_.committed(digest) : std::nullopt;
  if (!record || is_asked(*record, digest)) return std::nullopt;
  if (auto kept = reply_in(*record, digest)) return kept;
  tell(fmt::format("the exchange {} in the run is damaged; it is ignored, and the model is asked again",
                   digest));
  return std::nullopt;
}

Kept Journal::record(std::string_view client, const Question& question, Reply reply, double cost) const {
  const Question valid = writable(question);
  const std::string digest = digest_of(client, valid);
  reply.text = valid_utf8(reply.text);
  reply.error = valid_utf8(reply.error);
  reply.served_by = valid_utf8(reply.served_by);
  Kept kept{.exchange = {digest, {}}, .reply = std::move(reply), .cost = cost};
  kept.exchange.json = record_text(digest, valid_utf8(client), valid, kept.reply, cost);
  if (!was_had(kept.reply.outcome)) return kept;  // it may be asked again
  std::error_code error;
  fs::create_directories(options_.spool, error);
  if (error)
    throw JournalError(
        fmt::format("{}: cannot make the folder: {}", options_.spool.string(), error.message()));
  write_durably(path_of(digest), kept.exchange.json);
  return kept;
}

evo::Exchange Journal::asked(std::string_view client, const Question& question) const {
  const Question valid = writable(question);
  const std::string digest = digest_of(client, valid);
  return {digest, asked_text(digest, valid_utf8(client), valid)};
}

std::optional<Question> Journal::asked_in_run(const std::string& digest) const {
  const auto record = options_.committed ? options_.committed(digest) : std::nullopt;
  const auto json = record ? record_about(*record, digest) : std::nullopt;
  if (!json || text_of(piece(*json, "outcome")) != "asked") return std::nullopt;
  Question q{.purpose = text_of(piece(*json, "purpose")),
             .generation = static_cast<int>(count_of(piece(*json, "generation")).value_or(0)),
             .index = static_cast<std::size_t>(count_of(piece(*json, "index")).value_or(0))};
  const std::string text = text_of(piece(*json, "prompt"));
  const auto constant = static_cast<std::size_t>(count_of(piece(*json, "constant_bytes")).value_or(0));
  if (constant > text.size()) return std::nullopt;
  q.prompt = {text.substr(0, constant), text.substr(constant)};
  const nlohmann::json* seed = piece(*json, "seed");
  if (seed != nullptr && seed->is_number_unsigned()) q.prompt.seed = seed->get<std::uint64_t>();
  if (const nlohmann::json* known = piece(*json, "known"); known != nullptr && known->is_array()) {
    for (const nlohmann::json& each : *known) q.known.push_back(text_of(&each));
  }
  return q;
}

bool Journal::known_to_run(const std::string& digest) const {
  return options_.committed && options_.committed(digest).has_value();
}

Kept Journal::entered(Kept kept, int generation) {
  Json json = Json::parse(kept.exchange.json, nullptr, false);
  json["entered"] = generation;
  kept.exchange.json = json.dump(2) + "\n";
  kept.entered = generation;
  return kept;
}

void Journal::drop_committed() const {
  if (!options_.committed) return;
  std::error_code ignored;  // what cannot be tidied up is in nobody's way
  for (fs::directory_iterator entry(options_.spool, ignored), end; entry != end; entry.increment(ignored)) {
    const fs::path& path = entry->path();
    if (path.extension() != ".json") continue;
    const std::string digest = path.stem().string();
    const auto committed = options_.committed(digest), spooled = content_of(path);
    const auto there = committed ? reply_in(*committed, digest) : std::nullopt;
    const auto here = spooled ? reply_in(*spooled, digest) : std::nullopt;
    if (there && here && there->reply == here->reply) fs::remove(path, ignored);
  }
}

}  // namespace llm_mutators
