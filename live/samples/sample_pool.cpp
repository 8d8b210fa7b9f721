#include "live/samples/sample_pool.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <utility>

#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

using genome::base::beginning;
using genome::base::trimmed;
using genome::base::visible;

// Of texts of questions and answers together: an environment has at most 1 GiB.
constexpr std::size_t kMostHeld = replay::kMaxFileBytes;
constexpr std::size_t kMostModels = 10'000, kShownModels = 8, kLongestName = 300;

bool is_letter(std::string_view form) { return form.size() == 1 && form[0] >= 'A' && form[0] <= 'J'; }

std::string shown(std::string_view text) { return fmt::format("\"{}\"", visible(trimmed(text), 60)); }

std::string named(const PooledQuestion& question) {
  return question.text.empty() ? fmt::format("with the id {}", shown(question.id)) : shown(question.text);
}

std::int64_t estimated(const Sample& sample, double per_token) {
  const std::size_t characters = characters_in(sample.text) + characters_in(sample.thought);
  const double tokens = std::ceil(static_cast<double>(characters) / per_token);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(tokens, 1e12)));
}

// By the text, and by all that is told of one without it.
std::uint64_t print_of(const Sample& sample) {
  const std::hash<std::string_view> hash;
  if (!sample.text.empty()) return hash(sample.text) ^ (31 * hash(sample.model));
  std::uint64_t print = hash(sample.answer.value_or("")) +
                        static_cast<std::uint64_t>(sample.tokens.value_or(0)) + hash(sample.model);
  for (const std::string_view probe : sample.probes) print = print * 31 + hash(probe);
  return print;
}

}  // namespace

void SamplePool::add(std::span<const Sample> samples) {
  std::vector<const Sample*> taken;
  for (const Sample& sample : samples) {
    if (!is_taken(sample)) continue;
    taken.push_back(&sample);
    if (sample.tokens && (*sample.tokens < 0 || *sample.tokens > replay::kMaxTokens))
      throw BadRecord(fmt::format("tokens must be 0 to {}, found {}", replay::kMaxTokens, *sample.tokens));
    if (sample.interval < 0 || sample.interval > replay::kMaxInterval)
      throw BadRecord(
          fmt::format("the interval must be 1 to {}, found {}", replay::kMaxInterval, sample.interval));
    if (sample.probes.size() > replay::kMaxProbes)
      throw BadRecord(fmt::format("a sample has more than {} probes", replay::kMaxProbes));
    for (const auto& [name, value] : sample.signals)
      if (!std::isfinite(value))
        throw BadRecord(fmt::format("\"{}\" must be a finite number", visible(name, 60)));
  }
  // All are compared before one is taken, so that a record is taken whole or not at all.
  for (const Sample* each : taken) {
    const auto id = by_id_.find(std::string(each->id));
    if (!each->id.empty() && id != by_id_.end()) expect_same(questions_[id->second], *each);
  }
  for (const Sample* each : taken) {
    PooledQuestion& question = questions_[question_of(*each)];
    expect_same(question, *each);
    learn(question, *each);
    take(question, *each);
  }
}

bool SamplePool::is_taken(const Sample& sample) {
  if (sample.model.empty()) return true;
  const auto known = models_.find(sample.model);
  if (known == models_.end() && models_.size() == kMostModels)
    throw replay::InputError(fmt::format("samples are of more than {} models", kMostModels));
  if (models_.empty()) first_model_ = sample.model;
  if (known == models_.end()) hold(sample.model.size());
  ++(known == models_.end() ? models_.try_emplace(std::string(sample.model)).first : known)->second;
  if (options_.mix_models || sample.model == (options_.model.empty() ? first_model_ : options_.model))
    return true;
  ++counts_.other_models;
  return false;
}

std::string SamplePool::model() const {
  const auto shortened = [](std::string_view name) { return std::string(beginning(name, kLongestName)); };
  if (!options_.mix_models)
    return shortened(options_.model.empty() || models_.empty() ? first_model_ : options_.model);
  if (models_.size() > kShownModels) return fmt::format("{} models", models_.size());
  std::string names;
  for (const auto& [name, samples] : models_) names += (names.empty() ? "" : ", ") + shortened(name);
  return names;
}

void SamplePool::expect_one_model(const std::string& files) const {
  const bool found = options_.model.empty() || models_.empty() || models_.contains(options_.model);
  if (options_.mix_models || (found && (!options_.model.empty() || models_.size() < 2))) return;
  std::string names;
  std::size_t shown = 0;
  for (const auto& [name, samples] : models_) {
    if (++shown > kShownModels) break;
    names += fmt::format("{}\"{}\" ({})", names.empty() ? "" : ", ", visible(name, 60), samples);
  }
  if (models_.size() > kShownModels) names += fmt::format(" and {} more", models_.size() - kShownModels);
  if (!found)
    throw replay::InputError(fmt::format("{}: no sample is of the model \"{}\", but of {}", files,
                                         visible(options_.model, 60), names));
  throw replay::InputError(
      fmt::format("{}: samples are of {} models: {}; --model NAME takes those of one, and --mix-models all",
                  files, models_.size(), names));
}

std::size_t SamplePool::question_of(const Sample& sample) {
  const std::string id(sample.id), text(trimmed(sample.question));
  if (!id.empty()) {
    if (const auto known = by_id_.find(id); known != by_id_.end()) return known->second;
  } else if (text.empty()) {
    throw BadRecord("tells neither the question nor an id of it");
  }
  const auto same = text.empty() ? by_text_.end() : by_text_.find(text);
  if (same != by_text_.end()) {
    const PooledQuestion& there = questions_[same->second];
    const bool another =
        !id.empty() && sample.gold && there.has_gold && reader_.gold(*sample.gold) != there.gold;
    if (!another) {
      if (!id.empty()) by_id_.emplace(id, same->second);
      return same->second;
    }
  }
  return new_question(sample);
}

std::size_t SamplePool::new_question(const Sample& sample) {
  const std::size_t number = questions_.size();
  PooledQuestion& question = questions_.emplace_back();
  question.id = sample.id;
  question.interval = sample.interval;
  hold(sample.id.size() + sizeof question);
  if (!question.id.empty()) by_id_.emplace(question.id, number);
  if (const std::string_view text = trimmed(sample.question); !text.empty()) {
    question.text = text;
    hold(2 * text.size());
    by_text_.try_emplace(question.text, number);
  }
  return number;
}

// What was not told before.
void SamplePool::learn(PooledQuestion& question, const Sample& sample) {
  if (question.text.empty()) {
    question.text = trimmed(sample.question);
    hold(question.text.size());
  }
  if (question.row.empty()) {
    question.row = sample.row;
    hold(question.row.size());
  }
  if (question.options.empty()) {
    question.options = sample.options;
    hold(question.options.size());
  }
  if (question.has_gold || !sample.gold) return;
  question.gold = reader_.gold(*sample.gold);
  question.has_gold = !question.gold.empty();
  hold(question.gold.size());
}

void SamplePool::expect_same(const PooledQuestion& question, const Sample& sample) const {
  constexpr std::string_view kPermuted =
      "its options are permuted from sample to sample, so that their letters cannot be voted on";
  if (!sample.options.empty() && !question.options.empty() && sample.options != question.options)
    throw BadRecord(
        fmt::format("the question {} has its options in another order, or others, than before: {}",
                    named(question), kPermuted));
  const std::string gold = sample.gold && question.has_gold ? reader_.gold(*sample.gold) : std::string();
  if (!gold.empty() && gold != question.gold)
    throw BadRecord(fmt::format("the right answer of the question {} is {}, and was {} before{}{}",
                                named(question), shown(gold), shown(question.gold),
                                is_letter(gold) && is_letter(question.gold) ? "; perhaps " : "",
                                is_letter(gold) && is_letter(question.gold) ? kPermuted : ""));
  const std::string_view text = trimmed(sample.question);
  if (!text.empty() && !question.text.empty() && !sample.id.empty() && text != question.text) {
    if (reader_.letters() || is_letter(question.gold))
      throw BadRecord(fmt::format("the question {} has another text than before; perhaps {}", named(question),
                                  kPermuted));
    throw BadRecord(fmt::format(
        "the id {} has another question than before, {} and {}; import files that count their questions "
        "anew one by one",
        shown(sample.id), shown(text), shown(question.text)));
  }
  if (!question.samples.empty() && sample.interval != question.interval)
    throw BadRecord(fmt::format("the question {} has the interval {}, and had {} before", named(question),
                                sample.interval, question.interval));
}

void SamplePool::take(PooledQuestion& question, const Sample& sample) {
  if (question.samples.size() == replay::kMaxBranches)
    throw BadRecord(
        fmt::format("the question {} has more than {} samples", named(question), replay::kMaxBranches));
  hold(sizeof(PooledSample) + sample.signals.size() * sizeof(PooledSignal) + sample.probes.size() * 4);
  const bool blank = sample.truncated && !options_.keep_truncated;
  PooledSample pooled{
      .print = print_of(sample),
      .tokens = sample.tokens ? *sample.tokens : estimated(sample, options_.characters_per_token),
      .number = sample.number.value_or(0),
      .first_probe = question.probes.size(),
      .first_signal = question.signals.size(),
      .answer = answer_number(question, blank ? "ERR" : reader_.answer(sample, &counts_.overlong)),
      .probes = static_cast<std::uint32_t>(sample.probes.size()),
      .signals = static_cast<std::uint32_t>(sample.signals.size()),
      .count = !sample.tokens || sample.estimated ? TokenCount::kEstimated
               : sample.shared                    ? TokenCount::kShared
                                                  : TokenCount::kGiven,
      .numbered = sample.number.has_value() && !sample.positional,
      .truncated = sample.truncated,
      .flagged = sample.right.has_value(),
      .right = sample.right.value_or(false)};
  for (const std::string_view probe : sample.probes)
    question.probes.push_back(answer_number(question, reader_.form(probe, &counts_.overlong)));
  for (const auto& [name, value] : sample.signals) question.signals.push_back({signal_number(name), value});
  question.samples.push_back(pooled);
}

std::uint32_t SamplePool::answer_number(PooledQuestion& question, std::string answer) {
  const auto [there, fresh] =
      question.numbers.try_emplace(std::move(answer), static_cast<std::uint32_t>(question.answers.size()));
  if (fresh) {
    question.answers.push_back(there->first);
    hold(2 * there->first.size() + 64);
  }
  return there->second;
}

std::uint32_t SamplePool::signal_number(std::string_view name) {
  const auto there = std::ranges::find(signals_, name);
  if (there != signals_.end()) return static_cast<std::uint32_t>(there - signals_.begin());
  if (!replay::is_signal_name(name))
    throw BadRecord(fmt::format("\"{}\" is no name of a signal, which has 1 to {} letters, digits and _",
                                visible(name, 80), replay::kMaxSignalName));
  if (signals_.size() == replay::kMaxSignals)
    throw BadRecord(fmt::format("there are more than {} signals", replay::kMaxSignals));
  signals_.emplace_back(name);
  return static_cast<std::uint32_t>(signals_.size() - 1);
}

void SamplePool::hold(std::size_t bytes) {
  held_ += bytes;
  if (held_ > kMostHeld)
    throw replay::InputError(
        fmt::format("questions and answers have more than {} bytes together", kMostHeld));
}

}  // namespace live
