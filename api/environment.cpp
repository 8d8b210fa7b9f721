#include <algorithm>
#include <cmath>
#include <evotts/environment.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "api/boundary.hpp"
#include "api/data.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "replay/parallel/for_each_index.hpp"
#include "replay/parallel/interruption.hpp"
#include "replay/sources/source.hpp"
#include "replay/sources/synthetic.hpp"

namespace evotts {
namespace {

using detail::Access;
using detail::translated;

// Reading and making recordings, on threads that end with it.
template <typename Function>
auto opened(Function&& function) {
  const replay::OwnThreads threads(0);
  return translated(std::forward<Function>(function));
}

std::vector<std::string> names_of(const RecordedBranch& branch) {
  std::vector<std::string> names;
  for (const auto& signal : branch.signals) names.push_back(signal.first);
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  if (names.empty()) return "none";
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(genome::base::visible(name));
  return fmt::format("{}", fmt::join(shown, ", "));
}

// What the builder of questions takes for granted; the rest the reader finds out.
void expect_signals(const std::string& place, const RecordedBranch& branch,
                    const std::vector<std::string>& names) {
  if (names_of(branch) != names)
    detail::throw_input(fmt::format("{}: has the signals {}, but the first branch has {}", place,
                                    listed(names_of(branch)), listed(names)));
  if (!names.empty() && branch.probes.size() > replay::kMaxProbesWithSignals)
    detail::throw_input(fmt::format("{}: has more than {} probes, the most of a branch with signals", place,
                                    replay::kMaxProbesWithSignals));
  for (const auto& [name, numbers] : branch.signals) {
    const std::string signal = fmt::format("{}: signal {}", place, genome::base::visible(name));
    if (!replay::is_signal_name(name))
      detail::throw_input(
          fmt::format("{}: a name is 1 to {} letters, digits and _", signal, replay::kMaxSignalName));
    if (numbers.size() != branch.probes.size() + 1)
      detail::throw_input(fmt::format("{}: must have a number more than there are probes, {}; found {}",
                                      signal, branch.probes.size() + 1, numbers.size()));
    if (!std::ranges::all_of(numbers, [](double number) { return std::isfinite(number); }))
      detail::throw_input(signal + ": has a number that is not finite");
  }
}

void expect_buildable(std::string_view name, std::size_t index, const RecordedQuestion& question,
                      const std::vector<std::string>& signals) {
  const std::string place = fmt::format("{}: question {}", genome::base::visible(name), index);
  detail::expect_within(place + ": interval", question.interval, 1, replay::kMaxInterval);
  if (question.branches.empty()) detail::throw_input(place + ": has no branches");
  for (std::size_t b = 0; b < question.branches.size(); ++b) {
    replay::take_breath();
    const RecordedBranch& branch = question.branches[b];
    const std::string of_branch = fmt::format("{}, branch {}", place, b);
    detail::expect_within(of_branch + ": tokens", branch.tokens, 0, replay::kMaxTokens);
    expect_signals(of_branch, branch, signals);
  }
}

replay::Question built(const RecordedQuestion& question, std::size_t signals) {
  replay::QuestionBuilder builder(question.text, question.gold, question.interval, signals);
  for (const RecordedBranch& branch : question.branches) {
    replay::take_breath();
    for (const std::string& probe : branch.probes) builder.add_probe(probe);
    std::size_t place = 0;
    for (const auto& signal : branch.signals) builder.add_signal(place++, signal.second);
    builder.end_branch(branch.tokens, branch.answer);  // a sum that no double holds is the reader's to find
  }
  return std::move(builder).finish();
}

const replay::Question& question_at(const replay::Environment& environment, std::size_t index) {
  if (index >= environment.questions.size())
    detail::throw_input(fmt::format("{}: there is no question {}; they are counted from 0 to {}",
                                    genome::base::visible(environment.name), index,
                                    environment.questions.size() - 1));
  return environment.questions[index];
}

RecordedBranch recorded(const std::vector<std::string>& signals, const replay::Question& question,
                        const replay::Branch& branch) {
  const auto text_of = [&](replay::AnswerId id) { return question.answers[static_cast<std::size_t>(id)]; };
  RecordedBranch copy{{}, branch.tokens, text_of(branch.final_answer), {}};
  for (std::uint32_t i = 0; i < branch.probes; ++i)
    copy.probes.push_back(text_of(question.probes[branch.first_probe + i]));
  for (std::size_t i = 0; i < signals.size(); ++i) {
    const auto first = question.signals[i].latest.begin() + branch.first_signal + 1;
    copy.signals[signals[i]].assign(first, first + branch.probes + 1);
  }
  return copy;
}

}  // namespace

Environment Environment::load(const std::filesystem::path& file) {
  return opened([&] { return Access::make(replay::read_environment(file)); });
}

Environment Environment::parse(std::string_view json, std::string_view name) {
  return opened([&] {
    return Access::make(replay::parse_environment(std::string(json), std::string(name), std::string(name)));
  });
}

Environment Environment::synthetic(std::string_view specification) {
  return opened([&] { return Access::make(replay::make_synthetic(replay::parse_synthetic(specification))); });
}

namespace {

replay::Environment built_of(std::string_view name, const std::vector<RecordedQuestion>& questions) {
  replay::Environment environment;
  if (!questions.empty() && !questions[0].branches.empty())
    environment.signals = names_of(questions[0].branches[0]);
  if (environment.signals.size() > replay::kMaxSignals)
    detail::throw_input(
        fmt::format("{}: has more than {} signals", genome::base::visible(name), replay::kMaxSignals));
  for (std::size_t i = 0; i < questions.size(); ++i) {
    expect_buildable(name, i, questions[i], environment.signals);
    environment.questions.push_back(built(questions[i], environment.signals.size()));
  }
  return environment;
}

}  // namespace

// By way of the text of a file: so the checks are the reader's, and the digest is that of the file.
Environment Environment::make(std::string_view name, const std::vector<RecordedQuestion>& questions) {
  return parse(translated([&] { return replay::to_json(built_of(name, questions)); }), name);
}

std::string Environment::name() const { return data_->recorded.name; }
std::string Environment::source() const { return data_->recorded.source; }
std::string Environment::digest() const { return data_->recorded.digest; }
std::vector<std::string> Environment::signals() const { return data_->recorded.signals; }
std::size_t Environment::questions() const { return data_->recorded.questions.size(); }

std::size_t Environment::branches(std::size_t question) const {
  return question_at(data_->recorded, question).branches.size();
}

RecordedQuestion Environment::question(std::size_t index) const {
  const replay::Question& question = question_at(data_->recorded, index);
  RecordedQuestion copy{question.text, question.gold, question.interval, {}};
  translated([&] {
    for (const replay::Branch& branch : question.branches) {
      replay::take_breath();
      copy.branches.push_back(recorded(data_->recorded.signals, question, branch));
    }
  });
  return copy;
}

std::string Environment::json() const {
  return translated([&] { return replay::to_json(data_->recorded); });
}

std::vector<Environment> open_environments(const std::vector<std::string>& specifications) {
  return opened([&] {
    std::vector<Environment> opened;
    for (replay::Environment& each : replay::open_environments(specifications))
      opened.push_back(Access::make(std::move(each)));
    return opened;
  });
}

}  // namespace evotts
