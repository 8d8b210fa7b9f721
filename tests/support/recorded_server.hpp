// recorded_server.hpp: a server of a language model that says what a recording holds, token by token.
// Why:      what is served must be what replay promises; a model that thinks what was recorded shows it.
// Use:      RecordedServer server(environment, dealt, {.seed = 7});
//           live::Upstream upstream({.url = server.url()}, server.capabilities(), {.requests = 32});
// Promises: question q is the text "Q<q>", a token; the branch that is opened as number i is the recorded one
//           at dealt[i], told by the seed of its first request. A token of a branch is one id, and a sign of
//           text; the first is "[<i>]". A branch of T tokens is T - 1 ids and an end that usage alone counts;
//           its last id is "#" and its answer. Prompts are ids, text or a chat, which gives whole branches.
//           Where `thoughts` is set, "</think>" is the token that ends the last interval but for Δ - 1 at
//           most, so that the probes are those inside the thought. Behind "!" comes the answer that the
//           recording has there, in five tokens. Each token has the log-probability of its interval.
//           What is asked in no such place gets status 400, and is counted.
// Threads:  as LoopbackServer.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "live/episode/episode.hpp"
#include "live/upstream/requests.hpp"
#include "replay/environment/environment.hpp"
#include "tests/support/loopback_server.hpp"

namespace tests {

class RecordedServer {
 public:
  static constexpr int kLookTokens = 5;
  static constexpr const char* kMark = "</think>";

  struct Options {
    std::uint64_t seed = 0;  // of the episodes
    bool thoughts = false;
    std::set<std::size_t> broken = {};  // branches, as they are opened, that are refused after an interval
    bool broken_from_the_beginning = false;  // all of them
    double seconds = 0;                      // before each answer
    int slow_from = 0;                       // this request and those after it take longer; 0: none
    double slow_seconds = 0;
  };

  // The environment outlives the server.
  RecordedServer(const replay::Environment& environment, std::vector<std::uint32_t> dealt, Options options)
      : environment_(environment),
        dealt_(std::move(dealt)),
        options_(options),
        server_([this](const Seen& seen, int number) { return play(seen, number); }) {
    const auto logprob = std::ranges::find(environment.signals, "logprob");
    if (logprob != environment.signals.end())
      column_ = static_cast<std::size_t>(logprob - environment.signals.begin());
    for (std::size_t i = 0; i < dealt_.size(); ++i)
      branch_of_[live::segment_seed(live::branch_seed(options.seed, i), 0)] = i;
  }

  std::string url() const { return server_.url(); }
  std::int64_t refused() const { return refused_; }
  std::int64_t tokens() const { return tokens_; }  // of branches, their ends included
  std::int64_t looks() const { return looks_; }

  live::Capabilities capabilities(live::Grade grade = live::Grade::kExact) const {
    live::Capabilities can;
    can.base = server_.url();
    can.root = server_.url("");
    can.model = "recorded";
    can.completions = can.logprobs = grade != live::Grade::kWholeSamples;
    can.chat = can.chat_logprobs = true;
    can.top_logprobs = 1;
    can.usage = true;
    can.tokenizer = can.ids_in = can.ids_out = grade == live::Grade::kExact;
    return can;
  }

 private:
  static constexpr int kFirstQuestion = 1000, kFirstToken = 1'000'000, kMostTokens = 4096, kSuffix = 1,
                       kOther = 2;

  struct Place {
    std::size_t question = 0;
    std::optional<std::size_t> branch;  // as it was opened
    std::int64_t tokens = 0;
    bool look = false;
  };

  Play refuse(const std::string& why) {
    ++refused_;
    return error_answer(400, why);
  }

  Play play(const Seen& seen, int number) {
    const Json json = seen.json();
    Play play = !json.is_object()          ? refuse("no JSON")
                : seen.path == "/tokenize" ? tokenize(json)
                                           : complete(json);
    play.kept = true;
    play.seconds =
        options_.slow_from > 0 && number >= options_.slow_from ? options_.slow_seconds : options_.seconds;
    return play;
  }

  static Play tokenize(const Json& json) {
    std::string text = json.value("prompt", "");
    std::vector<int> ids;
    if (text.starts_with("Q")) {
      ids.push_back(kFirstQuestion + std::stoi(text.substr(1)));
    } else if (text == "!") {
      ids.push_back(kSuffix);
    } else {
      ids.assign(static_cast<std::size_t>(tokens_in(text)), kOther);
    }
    return {.body = Json{{"tokens", ids}}.dump()};
  }

  // Of a branch that has not come to its last token.
  static std::int64_t tokens_in(std::string_view text) {
    std::int64_t tokens = 0;
    for (; !text.empty(); ++tokens)
      text.remove_prefix(text.starts_with(kMark) ? std::string_view(kMark).size()
                         : text[0] == '['        ? text.find(']') + 1
                                                 : 1);
    return tokens;
  }

  static std::optional<Place> place_in(const std::vector<int>& ids) {
    if (ids.empty()) return std::nullopt;
    Place place{.question = static_cast<std::size_t>(ids[0] - kFirstQuestion), .look = ids.back() == kSuffix};
    place.tokens = static_cast<std::int64_t>(ids.size()) - 1 - (place.look ? 1 : 0);
    for (std::int64_t i = 0; i < place.tokens; ++i) {
      const int id = ids[static_cast<std::size_t>(i) + 1] - kFirstToken;
      if (id < 0 || id % kMostTokens != i) return std::nullopt;
      if (place.branch && *place.branch != static_cast<std::size_t>(id / kMostTokens)) return std::nullopt;
      place.branch = static_cast<std::size_t>(id / kMostTokens);
    }
    return place;
  }

  static std::optional<Place> place_in(std::string text) {
    if (!text.starts_with("Q")) return std::nullopt;
    Place place{.question = std::stoul(text.substr(1)), .look = text.ends_with("!")};
    if (place.look) text.pop_back();
    const std::size_t at = text.find('[');
    if (at == std::string::npos) return place;
    place.branch = std::stoul(text.substr(at + 1));
    place.tokens = tokens_in(std::string_view(text).substr(at));
    return place;
  }

  std::optional<Place> place_of(const Json& json) const {
    std::optional<Place> place;
    if (json.contains("messages"))
      place = place_in(json["messages"][0].value("content", ""));
    else if (json["prompt"].is_array())
      place = place_in(json["prompt"].get<std::vector<int>>());
    else
      place = place_in(json.value("prompt", ""));
    if (!place || place->question >= environment_.questions.size()) return std::nullopt;
    if (!place->branch && json.contains("seed")) {
      const auto found = branch_of_.find(json["seed"].get<std::uint64_t>());
      if (found != branch_of_.end()) place->branch = found->second;
    }
    return place->branch ? place : std::nullopt;
  }

  Play complete(const Json& json) {
    const std::optional<Place> place = place_of(json);
    if (!place) return refuse("no such place");
    const replay::Question& question = environment_.questions[place->question];
    const replay::Branch& branch = question.branches[dealt_[*place->branch]];
    if (options_.broken_from_the_beginning || (options_.broken.contains(*place->branch) && place->tokens > 0))
      return refuse("it is broken");
    return place->look ? look(*place, question, branch) : go_on(*place, question, branch, json);
  }

  Play look(const Place& place, const replay::Question& question, const replay::Branch& branch) {
    const std::int64_t depth = place.tokens / question.interval;
    if (place.tokens % question.interval != 0 || depth < 1 ||
        depth > static_cast<std::int64_t>(branch.probes))
      return refuse("a look where none is recorded");
    ++looks_;
    const auto answer = question.probes[branch.first_probe + static_cast<std::size_t>(depth) - 1];
    const Json choice = {{"text", question.answers[static_cast<std::size_t>(answer)] + "\n"},
                         {"logprobs", {{"token_logprobs", std::vector<double>(kLookTokens, -0.1)}}},
                         {"token_ids", std::vector<int>(kLookTokens, kOther)},
                         {"finish_reason", "stop"}};
    return {.body = Json{{"choices", {choice}},
                         {"usage", {{"prompt_tokens", place.tokens + 2}, {"completion_tokens", kLookTokens}}}}
                        .dump()};
  }

  std::string text_of(std::int64_t at, const Place& place, const replay::Question& question,
                      const replay::Branch& branch) const {
    const std::string& answer = question.answers[static_cast<std::size_t>(branch.final_answer)];
    if (at == branch.tokens - 2) return answer == "ERR" ? "x" : "#" + answer;
    if (at == 0) return fmt::format("[{}]", *place.branch);
    if (options_.thoughts && at == thought_end(question, branch)) return kMark;
    return "x";
  }
  static std::int64_t thought_end(const replay::Question& question, const replay::Branch& branch) {
    const std::int64_t first = branch.probes * question.interval;
    if (first == 0) return 1 + (branch.tokens - 4) % (question.interval - 1);  // behind "[<i>]"
    return first + (branch.tokens - 3 - first) % question.interval;
  }

  Play go_on(const Place& place, const replay::Question& question, const replay::Branch& branch,
             const Json& json) {
    const std::int64_t most = json.value("max_tokens", std::int64_t{0});
    const std::int64_t count = std::min(most, branch.tokens - 1 - place.tokens);
    const bool ends = count < most;
    std::string text;
    Json ids = Json::array(), logprobs = Json::array();
    for (std::int64_t at = place.tokens; at < place.tokens + count; ++at) {
      text += text_of(at, place, question, branch);
      ids.push_back(kFirstToken + static_cast<int>(*place.branch) * kMostTokens + static_cast<int>(at));
      const std::int64_t step = std::min<std::int64_t>(at / question.interval, branch.probes) + 1;
      if (column_)
        logprobs.push_back(
            question.signals[*column_].latest[branch.first_signal + static_cast<std::size_t>(step)]);
      else
        logprobs.push_back(-0.5);
    }
    tokens_ += count + (ends ? 1 : 0);
    Json choice = {{"logprobs", {{"token_logprobs", logprobs}}}, {"finish_reason", ends ? "stop" : "length"}};
    if (json.contains("messages"))
      choice["message"] = {{"content", text}};
    else
      choice["text"] = text;
    if (json.contains("prompt") && json["prompt"].is_array()) choice["token_ids"] = ids;
    return {.body =
                Json{{"choices", {choice}},
                     {"usage",
                      {{"prompt_tokens", place.tokens + 1}, {"completion_tokens", count + (ends ? 1 : 0)}}}}
                    .dump()};
  }

  const replay::Environment& environment_;
  const std::vector<std::uint32_t> dealt_;
  const Options options_;
  std::optional<std::size_t> column_;
  std::map<std::uint64_t, std::size_t> branch_of_;
  std::atomic<std::int64_t> refused_{0}, tokens_{0}, looks_{0};
  LoopbackServer server_;
};

}  // namespace tests
