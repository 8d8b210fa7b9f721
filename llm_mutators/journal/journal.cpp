#include "llm_mutators/journal/journal.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genome/base/digest.hpp"
#include "genome/base/file.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/text/reply.hpp"
#include "net/json_pieces.hpp"

namespace llm_mutators {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kFormat = 2;
constexpr const char* kMoment = "moment";  // its file: no digest is called that

// The question as a record can hold it.
Question writable(const Question& question) {
  Question valid = question;
  valid.purpose = genome::base::valid_utf8(question.purpose);
  valid.prompt.constant = genome::base::valid_utf8(question.prompt.constant);
  valid.prompt.rest = genome::base::valid_utf8(question.prompt.rest);
  return valid;
}

Json usage_json(const net::Usage& usage) {
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

net::Usage usage_of(const nlohmann::json& json) {
  return {.input = net::count_of(net::piece(json, "input")),
          .cached_read = net::count_of(net::piece(json, "cached_read")),
          .cache_write = net::count_of(net::piece(json, "cache_write")),
          .output = net::count_of(net::piece(json, "output")),
          .reasoning = net::count_of(net::piece(json, "reasoning"))};
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
  if (!reply.finish.empty()) json["finish"] = reply.finish;
  if (reply.hopeless) json["hopeless"] = true;
  if (!reply.served_by.empty()) json["served_by"] = reply.served_by;
  if (!reply.left_out.empty()) json["left_out"] = reply.left_out;
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
  nlohmann::json json = genome::base::read_json(record);
  const nlohmann::json* format = net::piece(json, "format");
  if (format == nullptr || *format != kFormat || net::text_of(net::piece(json, "digest")) != digest)
    return std::nullopt;
  return json;
}

// The reply in a record, if it is a whole one and about this digest.
std::optional<RecordedReply> reply_in(const std::string& record, const std::string& digest) {
  const auto json = record_about(record, digest);
  if (!json) return std::nullopt;
  const auto outcome = outcome_named(net::text_of(net::piece(*json, "outcome")));
  const nlohmann::json* reply = net::piece(*json, "reply");
  const nlohmann::json* cost = net::piece(*json, "cost");
  if (!outcome || reply == nullptr || !reply->is_string() || cost == nullptr || !cost->is_number())
    return std::nullopt;
  RecordedReply recorded{.exchange = {digest, record}, .cost = cost->get<double>()};
  recorded.reply = {.outcome = *outcome,
                    .text = reply->get<std::string>(),
                    .error = net::text_of(net::piece(*json, "error")),
                    .finish = net::text_of(net::piece(*json, "finish"))};
  if (net::text_of(net::piece(*json, "reply_sha1")) != genome::base::sha1_hex(recorded.reply.text))
    return std::nullopt;
  if (const nlohmann::json* usage = net::piece(*json, "usage")) recorded.reply.usage = usage_of(*usage);
  recorded.reply.hopeless = net::piece(*json, "hopeless") != nullptr;
  recorded.reply.lost =
      static_cast<int>(std::min<std::int64_t>(net::count_of(net::piece(*json, "lost")).value_or(0), 1000));
  if (const nlohmann::json* names = net::piece(*json, "left_out"); names != nullptr && names->is_array()) {
    for (const nlohmann::json& each : *names) recorded.reply.left_out.push_back(net::text_of(&each));
  }
  if (const auto entered = net::count_of(net::piece(*json, "entered")))
    recorded.entered = static_cast<int>(*entered);
  return recorded;
}

bool is_asked(const std::string& record, const std::string& digest) {
  const auto json = record_about(record, digest);
  return json && net::text_of(net::piece(*json, "outcome")) == "asked";
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
  add(genome::base::valid_utf8(client));
  add(q.purpose);
  add(fmt::format("{} {} {}", q.generation, q.index, q.attempt));
  add(q.prompt.text());
  return genome::base::sha1_hex(all);
}

std::optional<RecordedReply> Journal::spooled(const std::string& digest) const {
  const auto record = genome::base::content_of(path_of(digest));
  if (!record) return std::nullopt;
  if (auto recorded = reply_in(*record, digest)) return recorded;
  tell(fmt::format("{}: is damaged; it is ignored, and the model is asked again", path_of(digest).string()));
  return std::nullopt;
}

std::optional<RecordedReply> Journal::inherited(const std::string& digest) const {
  const auto record = options_.inherited ? options_.inherited(digest) : std::nullopt;
  auto recorded = record ? reply_in(*record, digest) : std::nullopt;
  // A model that failed there may be well here.
  return recorded && is_paid(recorded->reply) ? recorded : std::nullopt;
}

std::optional<int> Journal::entered_in_source(const std::string& digest) const {
  const auto record = options_.inherited ? options_.inherited(digest) : std::nullopt;
  const auto json = record ? record_about(*record, digest) : std::nullopt;
  const auto entered = json ? net::count_of(net::piece(*json, "entered")) : std::nullopt;
  return entered ? std::optional(static_cast<int>(*entered)) : std::nullopt;
}

std::optional<RecordedReply> Journal::recall_at_hand(const std::string& digest) const {
  auto recorded = spooled(digest);
  return recorded ? recorded : inherited(digest);
}

std::optional<RecordedReply> Journal::recall(std::string_view client, const Question& question) const {
  const std::string digest = digest_of(client, question);
  if (auto recorded = recall_at_hand(digest)) return recorded;
  return in_run(digest);
}

std::optional<RecordedReply> Journal::in_run(const std::string& digest) const {
  const auto record = options_.committed ? options_.committed(digest) : std::nullopt;
  if (!record || is_asked(*record, digest)) return std::nullopt;
  if (auto recorded = reply_in(*record, digest)) return recorded;
  tell(fmt::format("the exchange {} in the run is damaged; it is ignored, and the model is asked again",
                   digest));
  return std::nullopt;
}

RecordedReply Journal::record(std::string_view client, const Question& question, Reply reply,
                              double cost) const {
  const Question valid = writable(question);
  const std::string digest = digest_of(client, valid);
  reply.text = genome::base::valid_utf8(reply.text);
  reply.error = genome::base::valid_utf8(reply.error);
  reply.served_by = genome::base::valid_utf8(reply.served_by);
  RecordedReply recorded{.exchange = {digest, {}}, .reply = std::move(reply), .cost = cost};
  recorded.exchange.json = record_text(digest, genome::base::valid_utf8(client), valid, recorded.reply, cost);
  const bool stays = is_paid(recorded.reply);  // otherwise it may be asked again
  if (stays) genome::base::write_durably_with_folders(path_of(digest), recorded.exchange.json);
  pending_calls_.heard(digest, stays ? 0 : recorded.reply.lost);
  return recorded;
}

void Journal::sending(const std::string& digest, const net::Amount& worst) const {
  pending_calls_.sending(digest, worst);
}

void Journal::sending_again(const std::string& digest) const { pending_calls_.sending_again(digest); }

void Journal::given_up(const std::string& digest, const Reply& reply) const {
  pending_calls_.heard(digest, reply.lost);
}

LostCalls Journal::lost(OtherWriter other) const {
  LostCalls lost;
  for (const PendingCall& each : pending_calls_.all()) {
    const bool cut_off = each.under_way > 0 && other == OtherWriter::kNone && !has_outcome(each.digest);
    const int calls = each.lost + (cut_off ? each.under_way : 0);
    lost.calls += calls;
    lost.amount += calls * each.worst;
  }
  return lost;
}

bool Journal::has_outcome(const std::string& digest) const {
  const auto record = genome::base::content_of(path_of(digest));
  const auto there = options_.committed ? options_.committed(digest) : std::nullopt;
  return (record && reply_in(*record, digest)) || (there && reply_in(*there, digest));
}

evo::Exchange Journal::asked(std::string_view client, const Question& question) const {
  const Question valid = writable(question);
  const std::string digest = digest_of(client, valid);
  return {digest, asked_text(digest, genome::base::valid_utf8(client), valid)};
}

std::optional<Question> Journal::asked_in_run(const std::string& digest) const {
  const auto record = options_.committed ? options_.committed(digest) : std::nullopt;
  const auto json = record ? record_about(*record, digest) : std::nullopt;
  if (!json || net::text_of(net::piece(*json, "outcome")) != "asked") return std::nullopt;
  Question q{.purpose = net::text_of(net::piece(*json, "purpose")),
             .generation = static_cast<int>(net::count_of(net::piece(*json, "generation")).value_or(0)),
             .index = static_cast<std::size_t>(net::count_of(net::piece(*json, "index")).value_or(0))};
  const std::string text = net::text_of(net::piece(*json, "prompt"));
  const auto constant =
      static_cast<std::size_t>(net::count_of(net::piece(*json, "constant_bytes")).value_or(0));
  if (constant > text.size()) return std::nullopt;
  q.prompt = {text.substr(0, constant), text.substr(constant)};
  const nlohmann::json* seed = net::piece(*json, "seed");
  if (seed != nullptr && seed->is_number_unsigned()) q.prompt.seed = seed->get<std::uint64_t>();
  if (const nlohmann::json* known = net::piece(*json, "known"); known != nullptr && known->is_array()) {
    for (const nlohmann::json& each : *known) q.known.push_back(net::text_of(&each));
  }
  return q;
}

bool Journal::known_to_run(const std::string& digest) const {
  return options_.committed && options_.committed(digest).has_value();
}

RecordedReply Journal::entered(RecordedReply recorded, int generation) {
  Json json = genome::base::read_json<Json>(recorded.exchange.json);
  json["entered"] = generation;
  recorded.exchange.json = json.dump(2) + "\n";
  recorded.entered = generation;
  return recorded;
}

std::string Journal::not_before(const std::string& record, int generation) {
  Json json = genome::base::read_json<Json>(record);
  if (!json.is_object() || json.contains("entered")) return record;
  json["entered"] = generation;
  return json.dump(2) + "\n";
}

double Journal::cost_in(const std::string& record) {
  const nlohmann::json json = genome::base::read_json(record);
  const nlohmann::json* cost = net::piece(json, "cost");
  return cost != nullptr && cost->is_number() ? cost->get<double>() : 0;
}

bool Journal::has_reply(const std::string& record, const std::string& digest) {
  return reply_in(record, digest).has_value();
}

void Journal::note_moment(int generation, const std::vector<std::string>& entered) const {
  const Json json = {{"generation", generation}, {"entered", entered}};
  genome::base::write_durably_with_folders(options_.spool / kMoment, json.dump() + "\n");
}

std::optional<std::vector<std::string>> Journal::moment_of(int generation) const {
  const auto text = genome::base::content_of(options_.spool / kMoment);
  if (!text) return std::nullopt;
  const nlohmann::json json = genome::base::read_json(*text);
  const nlohmann::json* entered = net::piece(json, "entered");
  if (net::count_of(net::piece(json, "generation")) != generation || entered == nullptr ||
      !entered->is_array())
    return std::nullopt;
  std::vector<std::string> digests;
  for (const nlohmann::json& each : *entered) digests.push_back(net::text_of(&each));
  return digests;
}

void Journal::drop_committed() const {
  if (!options_.committed) return;
  for (const PendingCall& each : pending_calls_.all()) {
    const auto committed = each.under_way > 0 ? options_.committed(each.digest) : std::nullopt;
    if (committed && reply_in(*committed, each.digest)) pending_calls_.heard(each.digest, 0);
  }
  std::error_code ignored;  // what cannot be tidied up is in nobody's way
  for (fs::directory_iterator entry(options_.spool, ignored), end; entry != end; entry.increment(ignored)) {
    const fs::path& path = entry->path();
    if (path.extension() != ".json") continue;
    const std::string digest = path.stem().string();
    const auto committed = options_.committed(digest), record = genome::base::content_of(path);
    const auto there = committed ? reply_in(*committed, digest) : std::nullopt;
    const auto here = record ? reply_in(*record, digest) : std::nullopt;
    if (there && here && there->reply == here->reply) fs::remove(path, ignored);
  }
}

std::map<std::string, std::string> spooled_records(const fs::path& spool) {
  std::map<std::string, std::string> records;
  std::error_code ignored;  // no folder: nothing is spooled
  for (fs::directory_iterator entry(spool, ignored), end; entry != end; entry.increment(ignored)) {
    const fs::path& path = entry->path();
    const std::string digest = path.stem().string();
    if (path.extension() != ".json") continue;
    auto record = genome::base::content_of(path);
    if (record && reply_in(*record, digest)) records.emplace(digest, std::move(*record));
  }
  return records;
}

}  // namespace llm_mutators
