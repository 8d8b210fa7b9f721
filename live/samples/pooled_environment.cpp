#include "live/samples/pooled_environment.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>
#include <ranges>
#include <unordered_set>
#include <utility>

#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/parallel/interruption.hpp"

namespace live {
namespace {

using replay::InputError;
using Json = nlohmann::ordered_json;

constexpr std::int64_t kIntervalsOfAMedian = 20;  // as in the published recordings, about

const std::string& text_of(const PooledQuestion& question) {
  return question.text.empty() ? question.id : question.text;
}

bool is_blank(const std::string& answer) { return answer.empty() || answer == "ERR"; }

class Maker {
 public:
  Maker(SamplePool& pool, const EnvironmentWishes& wishes, const GoldTable* golds)
      : pool_(pool), wishes_(wishes), golds_(golds) {}

  PooledEnvironment make() {
    for (PooledQuestion& question : pool_.questions()) prepare(question);
    if (taken_.empty()) throw InputError(why_nothing());
    choose_signals();
    const std::int64_t interval = wishes_.interval ? *wishes_.interval : usual_interval();
    for (PooledQuestion* const question : taken_) {
      replay::take_breath();
      add(*question, question->interval > 0 ? question->interval : interval);
      // Not to hold all twice.
      PooledQuestion emptied;
      emptied.interval = question->interval;
      *question = std::move(emptied);
    }
    made_.environment.collected = collected(interval);
    return std::move(made_);
  }

 private:
  PoolReport& report() { return made_.report; }

  void prepare(PooledQuestion& question) {
    if (golds_ != nullptr) find_gold(question);
    leave_out_repeated(question);
    if (!question.has_gold) {
      report().without_gold.push_back(text_of(question));
    } else if (question.samples.size() < std::max<std::size_t>(1, wishes_.fewest)) {
      report().with_too_few.push_back(text_of(question));
    } else {
      taken_.push_back(&question);
    }
  }

  void find_gold(PooledQuestion& question) const {
    const std::string* gold = golds_->of(question.text, question.id);
    if (gold == nullptr && !question.row.empty()) gold = golds_->of(question.row, question.row);
    if (gold == nullptr && !question.text.empty()) gold = golds_->within(question.text);
    if (gold == nullptr) return;
    question.gold = pool_.reader().gold(*gold);
    question.has_gold = !question.gold.empty();
  }

  void leave_out_repeated(PooledQuestion& question) {
    std::vector<PooledSample>& samples = question.samples;
    if (!std::ranges::all_of(samples, &PooledSample::numbered)) return;
    std::ranges::stable_sort(samples, {}, &PooledSample::number);
    // Where a number has several texts, numbers are not of samples, or several runs have the same.
    const auto another = [](const PooledSample& a, const PooledSample& b) {
      return a.number == b.number && a.print != b.print;
    };
    if (std::ranges::adjacent_find(samples, another) != samples.end()) return;
    const auto again = std::ranges::unique(samples, [](const PooledSample& a, const PooledSample& b) {
      return a.number == b.number && a.print == b.print;
    });
    report().repeated += again.size();
    samples.erase(again.begin(), again.end());
  }

  std::string why_nothing() {
    if (pool_.questions().empty()) return "there are no samples";
    if (report().without_gold.size() == pool_.questions().size())
      return fmt::format("of {} question{}, none has a right answer; --gold names a table of them",
                         pool_.questions().size(), pool_.questions().size() == 1 ? "" : "s");
    return fmt::format("no question has a right answer and {} samples or more", wishes_.fewest);
  }

  // Those that all samples have. One number of a whole branch would tell its probes what is to come.
  void choose_signals() {
    std::vector<std::size_t> times(pool_.signals().size());
    std::vector<bool> verdict(times.size(), true);  // nothing but -1, 0 and 1
    std::size_t samples = 0;
    for (const PooledQuestion* question : taken_) {
      report().probes = report().probes || question->interval > 0;
      samples += question->samples.size();
      for (const PooledSample& sample : question->samples)
        for (std::size_t i = 0; i < sample.signals; ++i) {
          const PooledSignal& signal = question->signals[sample.first_signal + i];
          ++times[signal.name];
          if (signal.value != -1 && signal.value != 0 && signal.value != 1) verdict[signal.name] = false;
        }
    }
    std::vector<std::string>& names = made_.environment.signals;
    for (std::size_t i = 0; i < times.size(); ++i) {
      // What tells right from wrong is no signal of the branch: a controller would read the answer off it.
      if (times[i] == samples && !report().probes && !verdict[i])
        names.push_back(pool_.signals()[i]);
      else if (times[i] > 0)
        report().left_signals.push_back(pool_.signals()[i]);
    }
    std::ranges::sort(names);
  }

  std::int64_t usual_interval() const {
    std::vector<std::int64_t> tokens;
    for (const PooledQuestion* question : taken_)
      for (const PooledSample& sample : question->samples) tokens.push_back(sample.tokens);
    const auto middle = tokens.begin() + static_cast<std::ptrdiff_t>(tokens.size() / 2);
    std::ranges::nth_element(tokens, middle);
    return std::clamp<std::int64_t>(*middle / kIntervalsOfAMedian, 1, replay::kMaxInterval);
  }

  void add(const PooledQuestion& question, std::int64_t interval) {
    replay::QuestionBuilder builder(text_of(question), question.gold, interval,
                                    made_.environment.signals.size());
    for (const PooledSample& sample : question.samples) {
      for (std::size_t i = 0; i < sample.probes; ++i)
        builder.add_probe(question.answers[question.probes[sample.first_probe + i]]);
      add_signals(builder, question, sample);
      if (builder.end_branch(sample.tokens, question.answers[sample.answer]))
        throw InputError(fmt::format("signals of the question \"{}\" are too large",
                                     genome::base::visible(text_of(question), 60)));
    }
    made_.environment.questions.push_back(std::move(builder).finish());
    count(question);
  }

  void add_signals(replay::QuestionBuilder& builder, const PooledQuestion& question,
                   const PooledSample& sample) const {
    const std::vector<std::string>& names = made_.environment.signals;
    for (std::size_t at = 0; at < names.size(); ++at)
      for (std::size_t i = 0; i < sample.signals; ++i) {
        const PooledSignal& signal = question.signals[sample.first_signal + i];
        if (pool_.signals()[signal.name] == names[at]) builder.add_signal(at, std::vector{signal.value});
      }
  }

  void count(const PooledQuestion& question) {
    const std::size_t samples = question.samples.size();
    report().least = report().samples == 0 ? samples : std::min(report().least, samples);
    report().most = std::max(report().most, samples);
    for (const PooledSample& sample : question.samples) {
      report().shortest = report().samples == 0 ? sample.tokens : std::min(report().shortest, sample.tokens);
      report().longest = std::max(report().longest, sample.tokens);
      report().tokens += static_cast<double>(sample.tokens);
      ++report().samples;
    }
    std::unordered_set<std::uint64_t> prints;
    for (std::size_t i = 0; i < samples; ++i) {
      const PooledSample& sample = question.samples[i];
      const std::string& answer = question.answers[sample.answer];
      const bool right = answer == question.gold;
      report().right += right ? 1 : 0;
      report().blanks += is_blank(answer) ? 1 : 0;
      report().truncated += sample.truncated ? 1 : 0;
      report().copies += prints.insert(sample.print).second ? 0 : 1;
      report().given += sample.count == TokenCount::kGiven ? 1 : 0;
      report().shared += sample.count == TokenCount::kShared ? 1 : 0;
      report().estimated += sample.count == TokenCount::kEstimated ? 1 : 0;
      report().flags += sample.flagged ? 1 : 0;
      if (!sample.flagged || sample.right == right) continue;
      if (report().disagreeing++ < kShownDisagreements)
        report().disagreements.push_back({text_of(question), answer, question.gold, i, sample.right});
    }
    report().alike += samples > 1 && prints.size() == 1 ? 1 : 0;
  }

  std::string collected(std::int64_t interval) {
    Json json = Json::object();
    if (!pool_.model().empty()) json["model"] = pool_.model();
    if (!report().probes) json["grade"] = "whole samples";
    json["interval"] = report().probes ? taken_.front()->interval : interval;
    json["imported"] = imported();
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  Json imported() {
    Json json = {{"from", wishes_.format}, {"samples", report().samples}, {"probes", report().probes}};
    json["extract"] =
        pool_.reader().takes_given() ? "given, else " + pool_.reader().how() : pool_.reader().how();
    json["truncated"] = report().truncated;
    json["tokens_given"] = report().given;
    if (report().shared > 0) json["tokens_shared_out_of_sums"] = report().shared;
    if (report().estimated > 0) {
      json["tokens_estimated"] = report().estimated;
      json["characters_per_token"] = pool_.options().characters_per_token;
    }
    return json;
  }

  SamplePool& pool_;
  const EnvironmentWishes& wishes_;
  const GoldTable* const golds_;
  std::vector<PooledQuestion*> taken_;
  PooledEnvironment made_;
};

}  // namespace

PooledEnvironment pooled_environment(SamplePool& pool, const EnvironmentWishes& wishes,
                                     const GoldTable* golds) {
  return Maker(pool, wishes, golds).make();
}

}  // namespace live
