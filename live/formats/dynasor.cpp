// Dynasor's token deprivation: a file for each question and number of tokens, with lists over trials. What a
// trial answers when it is asked early is a probe; what it answers once it is finished is its end.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "genome/base/text.hpp"
#include "live/formats/format.hpp"
#include "replay/answers/readings.hpp"

namespace live {
namespace {

using genome::base::trimmed;

constexpr std::string_view kTokens = "_tokens_";
constexpr std::size_t kLooked = 1024;  // bytes of a prompt in which a box may be left open

class Dynasor : public Format {
 public:
  void begin_file(const std::string& name) override {
    file_tokens_.reset();
    const std::size_t at = name.rfind(kTokens);
    if (at == name.npos) return;
    std::int64_t tokens = 0;
    for (std::size_t i = at + kTokens.size(); i < name.size() && name[i] >= '0' && name[i] <= '9'; ++i)
      if (tokens < 1'000'000'000) tokens = tokens * 10 + (name[i] - '0');
    file_tokens_ = tokens;
  }

  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject record = object_in(element, "a record");
    const std::string problem(answer_in(expect(record, "problem_id"), "problem_id", out));
    if (!trials_.empty() && problem != problem_) finish(out);
    const auto responses = entries_in(array_in(expect(record, "probe_responses"), "probe_responses"));
    const auto finished = list(record, "is_finished", responses.size());
    const auto written = list(record, "new_tokens", responses.size());
    const auto prompts = list(record, "prompts", responses.size());
    const auto probes = list(record, "probe_prompts", responses.size());
    expect_next(record, responses.size());
    if (trials_.empty()) begin(record, problem, responses.size(), prompts, out);
    for (std::size_t i = 0; i < responses.size(); ++i) {
      Trial& trial = trials_[i];
      if (trial.finished) continue;
      trial.finished = !finished.empty() && verdict_in(finished[i]).value_or(false);
      const std::string_view more = written.empty() ? "" : text_in(written[i], "new_tokens");
      if (!trial.finished) trial.characters += characters_in(more);
      trial.last = characters_in(more);
      trial.text += more;
      trial.answers.push_back(answered(text_in(responses[i], "probe_responses"),
                                       probes.empty() ? "" : text_in(probes[i], "probe_prompts")));
    }
    ++steps_;
  }

  void finish(Samples& out) override {
    for (std::size_t i = 0; i < trials_.size(); ++i) add(trials_[i], i, out);
    trials_.clear();
    steps_ = 0;
  }

 private:
  struct Trial {
    bool finished = false;
    std::string text;
    std::vector<std::string> answers;
    std::size_t characters = 0, last = 0;  // of whole intervals; of the last one
  };

  static std::vector<JsonElement> list(JsonObject record, std::string_view name, std::size_t trials) {
    const auto element = find(record, name);
    if (!element) return {};
    std::vector<JsonElement> entries = entries_in(array_in(*element, name));
    if (entries.size() != trials)
      throw BadRecord(fmt::format("\"{}\" has {} entries, and there are {} probe_responses", name,
                                  entries.size(), trials));
    return entries;
  }

  // The steps of a question are at the same distance, and none is missing.
  void expect_next(JsonObject record, std::size_t trials) {
    const std::int64_t here = file_tokens_ ? *file_tokens_
                                           : whole_number(expect(record, "round"), "round") *
                                                 whole_number(expect(record, "max_tokens"), "max_tokens");
    if (trials_.empty()) {
      if (here == 0) throw BadRecord("was asked after 0 tokens");
      interval_ = here;
      return;
    }
    if (here != interval_ * (steps_ + 1))
      throw BadRecord(
          fmt::format("was asked after {} tokens, where {} is expected, at intervals of {}: a file is "
                      "missing, or intervals "
                      "are not the same",
                      here, interval_ * (steps_ + 1), interval_));
    if (trials != trials_.size())
      throw BadRecord(fmt::format("has {} trials, and {} the step before", trials, trials_.size()));
  }

  void begin(JsonObject record, const std::string& problem, std::size_t trials,
             const std::vector<JsonElement>& prompts, Samples& out) {
    problem_ = problem;
    gold_ = answer_in(expect(record, "target"), "target", out);
    question_ = prompts.empty() ? "" : std::string(text_in(prompts[0], "prompts"));
    trials_.assign(trials, Trial());
    steps_ = 0;
  }

  // A probe whose prompt leaves a box open answers within it; others answer with all they say.
  static std::string answered(std::string_view response, std::string_view prompt) {
    const std::string_view end = prompt.substr(prompt.size() - std::min(prompt.size(), kLooked));
    if (const auto box = replay::open_box(end)) {
      const std::string text = std::string(end) + std::string(response);
      const auto content = replay::box_from(text, *box);
      return content ? std::string(trimmed(*content)) : std::string();
    }
    if (const auto box = replay::last_box(response)) return std::string(trimmed(*box));
    const std::string_view said = trimmed(response);
    return std::string(trimmed(said.substr(0, said.find('\n'))));
  }

  void add(const Trial& trial, std::size_t number, Samples& out) const {
    Sample& sample = out.add();
    sample.id = out.keep(problem_);
    sample.question = out.keep(question_);
    sample.gold = out.keep(gold_);
    sample.number = static_cast<std::int64_t>(number);
    sample.text = out.keep(trial.text);
    sample.interval = interval_;
    sample.truncated = !trial.finished;
    const auto asked = static_cast<std::int64_t>(trial.answers.size());
    const std::int64_t whole = trial.finished ? asked - 1 : asked;
    for (std::int64_t i = 0; i < whole; ++i)
      sample.probes.push_back(out.keep(trial.answers[static_cast<std::size_t>(i)]));
    sample.answer = trial.answers.empty() ? std::string_view() : out.keep(trial.answers.back());
    // The end lies within the last interval: as far as its text is long, by the intervals before.
    const std::int64_t rest = trial.finished ? rest_of(trial, whole) : 0;
    sample.tokens = whole * interval_ + rest;
    sample.estimated = trial.finished;
  }

  std::int64_t rest_of(const Trial& trial, std::int64_t whole) const {
    const double per_token = trial.characters > 0 && whole > 0 ? static_cast<double>(trial.characters) /
                                                                     static_cast<double>(whole * interval_)
                                                               : 4;
    const auto rest = std::int64_t{std::llround(static_cast<double>(trial.last) / per_token)};
    return std::clamp<std::int64_t>(rest, 1, interval_);
  }

  std::optional<std::int64_t> file_tokens_;
  std::string problem_, question_, gold_;
  std::int64_t interval_ = 0, steps_ = 0;
  std::vector<Trial> trials_;
};

}  // namespace

std::unique_ptr<Format> make_dynasor(const FormatWishes&) { return std::make_unique<Dynasor>(); }

}  // namespace live
