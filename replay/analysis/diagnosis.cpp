#include "replay/analysis/diagnosis.hpp"

#include <algorithm>
#include <numeric>

#include "replay/analysis/playback.hpp"
#include "replay/evaluation/sweep.hpp"
#include "replay/machine/signal_columns.hpp"

namespace replay {
namespace {

Outcome outcome_of(const Playback& playback, const EpisodeResult& result) {
  const Question& question = playback.question();
  const auto is_right = [&](const Branch& branch) { return branch.final_answer == question.gold_id; };
  if (result.right) return Outcome::kRight;
  if (question.gold_id == kNoAnswer ||
      std::none_of(question.branches.begin(), question.branches.end(), is_right)) {
    return Outcome::kUnrecorded;
  }
  bool opened = false, kept = false, waiting = false;
  std::vector<AnswerId> ends;  // of the branches not pruned
  for (const BranchState& state : playback.branches()) {
    const Branch& branch = question.branches[state.recorded];
    opened = opened || is_right(branch);
    if (state.pruned) continue;
    kept = kept || is_right(branch);
    waiting = waiting || !state.finished;
    ends.push_back(branch.final_answer);
  }
  if (!opened) return Outcome::kUnopened;
  if (!kept) return Outcome::kPruned;
  return waiting && plurality(question, ends) == question.gold_id ? Outcome::kEarly : Outcome::kOutvoted;
}

double percent_of(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kRight: return "right";
    case Outcome::kUnrecorded: return "unrecorded";
    case Outcome::kUnopened: return "unopened";
    case Outcome::kPruned: return "pruned";
    case Outcome::kEarly: return "early";
    case Outcome::kOutvoted: return "outvoted";
  }
  return "";
}

std::string_view meaning_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::kRight: return "answered right";
    case Outcome::kUnrecorded: return "no recorded branch ends with the right answer";
    case Outcome::kUnopened: return "no branch that ends with the right answer was opened";
    case Outcome::kPruned: return "every opened branch that ends with the right answer was pruned";
    case Outcome::kEarly: return "running the branches not pruned to their ends would have won the vote";
    case Outcome::kOutvoted: return "right branches were kept, and another answer was chosen, or none";
  }
  return "";
}

TokenUse& TokenUse::operator+=(const TokenUse& other) {
  all += other.all;
  settled += other.settled;
  pruned += other.pruned;
  unfinished += other.unfinished;
  return *this;
}

EpisodeDiagnosis diagnose_episode(const Question& question, std::span<const std::uint32_t> ordering,
                                  const ActionLog& log, const EpisodeResult& result) {
  Playback playback;
  playback.begin(question, ordering);
  // What had been spent when the answer last took the lead that it has kept since; none while it has none.
  std::optional<std::int64_t> settled_at;
  for (const Action& action : log) {
    playback.take(action);
    if (result.answer == kNoAnswer || playback.leader() != result.answer)
      settled_at.reset();
    else if (!settled_at)
      settled_at = playback.spent();
  }
  EpisodeDiagnosis diagnosis{outcome_of(playback, result), {.all = playback.spent()}};
  if (settled_at) diagnosis.tokens.settled = playback.spent() - *settled_at;
  for (const BranchState& branch : playback.branches()) {
    if (branch.pruned)
      diagnosis.tokens.pruned += branch.tokens;
    else if (!branch.finished)
      diagnosis.tokens.unfinished += branch.tokens;
  }
  return diagnosis;
}

std::int64_t DiagnosisSums::episodes() const {
  return std::accumulate(outcomes.begin(), outcomes.end(), std::int64_t{0});
}

double DiagnosisSums::percent(Outcome outcome) const { return percent_of(of(outcome), episodes()); }
double DiagnosisSums::percent(std::int64_t token_count) const { return percent_of(token_count, tokens.all); }

DiagnosisSums& DiagnosisSums::operator+=(const DiagnosisSums& other) {
  for (std::size_t i = 0; i < kOutcomes; ++i) outcomes[i] += other.outcomes[i];
  tokens += other.tokens;
  return *this;
}

DiagnosisSums Diagnosis::total() const {
  DiagnosisSums sums;
  for (const DiagnosisSums& question : questions) sums += question;
  return sums;
}

std::vector<Diagnosis> diagnose(std::span<const Environment> environments, const genome::Program& program,
                                std::span<const double> betas, const EvaluatorOptions& options,
                                const Evaluator::Progress& done) {
  std::vector<genome::BoundProgram> bound;
  for (const double beta : betas) bound.push_back(genome::bind(program, beta));
  std::vector<Diagnosis> all(environments.size() * betas.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].questions.resize(environments[i / betas.size()].questions.size());
  }
  std::vector<SignalColumns> columns;  // by environment
  for (const Environment& environment : environments) columns.push_back(signal_columns(program, environment));
  const Orderings orderings = orderings_of(environments, options);
  const auto visit = [&](Machine& machine, const SweepPlace& at) {
    const Question& question = environments[at.environment].questions[at.question];
    DiagnosisSums& sums = all[at.environment * betas.size() + at.beta].questions[at.question];
    ActionLog log;
    for (std::size_t s = 0; s < options.orderings; ++s) {
      log.clear();
      const auto dealt = orderings.at(s, question.branches.size());
      const EpisodeResult result =
          machine.run(bound[at.beta], question, dealt,
                      {.episode = options.episode, .log = &log, .columns = columns[at.environment]});
      const EpisodeDiagnosis diagnosis = diagnose_episode(question, dealt, log, result);
      ++sums.outcomes[static_cast<std::size_t>(diagnosis.outcome)];
      sums.tokens += diagnosis.tokens;
    }
  };
  sweep(environments, betas.size(), visit, done);
  return all;
}

}  // namespace replay
