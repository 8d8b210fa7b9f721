#include "replay/sources/synthetic.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "genome/base/rng.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "replay/parallel/interruption.hpp"
#include "replay/sources/synthetic_signals.hpp"

namespace replay {
namespace {

using genome::base::chance;
using genome::base::normal;
using genome::base::Rng;
using genome::base::uniform_index;
using genome::base::uniform_int;
using genome::base::uniform_real;

// ---- the specification as text ----

constexpr double kAnySeed = 18446744073709551615.0;  // rounds up, to 2^64
constexpr std::int64_t kMaxAnswers = 100'000'000;    // of an environment: about 2 GB of JSON

[[noreturn]] void fail_value(const SyntheticKnob& knob, std::string_view found) {
  const bool whole = !std::holds_alternative<double SyntheticSpec::*>(knob.member);
  const std::string most = knob.most == kAnySeed ? "18446744073709551615" : fmt::format("{:.10g}", knob.most);
  throw InputError(fmt::format("synthetic: {} must be a {}number from {:.10g} to {}, found {}", knob.key,
                               whole ? "whole " : "", knob.least, most, genome::base::visible(found, 60)));
}

// Whether a knob is a number rather than a text.
template <class Member>
constexpr bool kIsNumber = !std::is_same_v<Member, std::string SyntheticSpec::*>;

void set_value(SyntheticSpec& spec, const SyntheticKnob& knob, std::string_view value) {
  std::visit(
      [&](auto member) {
        if constexpr (!kIsNumber<decltype(member)>) {
          spec.*member = value;
          return;
        } else {
          const char* const end = value.data() + value.size();
          const auto [stop, problem] = std::from_chars(value.data(), end, spec.*member);
          if (problem != std::errc{} || stop != end) fail_value(knob, fmt::format("\"{}\"", value));
        }
      },
      knob.member);
}

void validate(const SyntheticSpec& spec) {
  for (const SyntheticKnob& knob : synthetic_knobs()) {
    std::visit(
        [&](auto member) {
          if constexpr (kIsNumber<decltype(member)>) {
            const auto value = static_cast<double>(spec.*member);
            if (!(value >= knob.least && value <= knob.most))
              fail_value(knob, fmt::format("{}", spec.*member));
          }
        },
        knob.member);
  }
  if (spec.options == 1) throw InputError("synthetic: options must be 0, or at least 2");
  parse_signal_names(spec.signals);
  const std::int64_t probes = spec.max_tokens / spec.interval + 1;
  if (probes > static_cast<std::int64_t>(kMaxProbes) ||
      probes * spec.questions * spec.branches > kMaxAnswers) {
    throw InputError(fmt::format(
        "synthetic: questions * branches * max_tokens / interval must be at most {}; lower one of them",
        kMaxAnswers));
  }
}

// ---- the model of a question ----

// Further habits of recorded branches; not knobs, since nothing interesting depends on them.
constexpr double kHarderIsLonger = 0.08;   // of the logarithm of the length, per unit of log odds
constexpr double kQuestionLengths = 0.30;  // deviation of the logarithm, of questions equally hard
constexpr double kClosingTokens = 520;     // from the end of thinking to the end of the branch: median
constexpr double kClosingSpread = 0.65;
constexpr double kNeverAnswers = 0.02;     // of wrong branches
constexpr double kErrSettled = 0.012;      // chance of ERR at a probe once settled
constexpr double kComeBack = 0.35;         // a change goes back to an answer this branch had before
constexpr std::size_t kStrayAnswers = 60;  // unlikely wrong answers that several branches hit upon
constexpr std::int64_t kLargestAnswer = 999;
constexpr std::string_view kErr = "ERR";

using genome::base::Stream;

Rng stream(const SyntheticSpec& spec, Stream which, int question = 0, int branch = 0) {
  return genome::base::keyed_stream(spec.seed, which, static_cast<std::uint64_t>(question),
                                    static_cast<std::uint64_t>(branch));
}

// What all branches of a question share.
struct QuestionModel {
  bool knows = true;                 // whether a branch differs from a throw of dice
  std::vector<std::string> options;  // the only answers there are; none: whole numbers
  double right = 0;                  // probability that a branch ends right
  double log_length = 0;             // of the median thinking of a right branch
  double temptation = 0;
  std::string gold;
  std::vector<std::string> tempting;
  std::vector<double> tempting_up_to;  // cumulated shares of the tempting answers
  std::vector<std::string> stray;
};

// Log odds of a right branch for each question. They are drawn one from each of as many equal slices
// of the distribution: 30 independent draws would often give a set far easier or harder than meant.
std::vector<double> draw_log_odds(const SyntheticSpec& spec) {
  Rng rng = stream(spec, Stream::kSyntheticDifficulty);
  std::vector<int> slice(static_cast<std::size_t>(spec.questions));
  std::iota(slice.begin(), slice.end(), 0);
  for (std::size_t i = slice.size(); i-- > 1;) std::swap(slice[i], slice[uniform_index(rng, i + 1)]);
  std::vector<double> log_odds;
  for (const int index : slice) {
    const double u = (index + std::clamp(uniform_real(rng), 1e-9, 1.0)) / spec.questions;
    log_odds.push_back(spec.spread * std::log(u / (1 - u + 1e-12)) - spec.difficulty);
  }
  return log_odds;
}

std::string any_answer(const QuestionModel& model, Rng& rng) {
  if (!model.options.empty()) return model.options[uniform_index(rng, model.options.size())];
  return std::to_string(uniform_int(rng, 0, kLargestAnswer));
}

// Letters instead of numbers: one is right, the others are tempting, and there is nothing else.
void draw_letters(const SyntheticSpec& spec, QuestionModel& model, Rng& rng) {
  for (int i = 0; i < spec.options; ++i) model.options.emplace_back(1, static_cast<char>('A' + i));
  std::vector<std::string> others = model.options;
  for (std::size_t i = others.size(); i-- > 1;) std::swap(others[i], others[uniform_index(rng, i + 1)]);
  model.gold = others.back();
  others.pop_back();
  model.stray = others;
  others.resize(std::min(others.size(), static_cast<std::size_t>(spec.tempting)));
  model.tempting = std::move(others);
}

QuestionModel draw_question(const SyntheticSpec& spec, int question, double log_odds) {
  Rng rng = stream(spec, Stream::kSyntheticQuestion, question);
  QuestionModel model;
  model.right = 1 / (1 + std::exp(-log_odds));
  // Beyond certainty or despair a question gets no shorter or longer.
  model.log_length = std::log(spec.length) - kHarderIsLonger * std::clamp(log_odds, -8.0, 8.0) +
                     kQuestionLengths * normal(rng);
  const double freedom = std::min(spec.temptation, 1 - spec.temptation);
  model.temptation = spec.temptation + freedom * (2 * uniform_real(rng) - 1);

  std::set<std::int64_t> taken;
  const auto fresh_answer = [&] {
    std::int64_t answer = 0;
    do {
      answer = uniform_int(rng, 0, kLargestAnswer);
    } while (!taken.insert(answer).second);
    return std::to_string(answer);
  };
  model.knows = spec.knows != 0;
  if (spec.options > 0)
    draw_letters(spec, model, rng);
  else
    model.gold = fresh_answer();
  const double decline = 0.2 + 0.6 * uniform_real(rng);  // from one tempting answer to the next
  double weight = 1;
  const std::size_t tempting =
      spec.options > 0 ? model.tempting.size() : static_cast<std::size_t>(spec.tempting);
  for (std::size_t i = 0; i < tempting; ++i, weight *= decline) {
    if (spec.options == 0) model.tempting.push_back(fresh_answer());
    model.tempting_up_to.push_back(weight + (i == 0 ? 0 : model.tempting_up_to.back()));
  }
  for (double& up_to : model.tempting_up_to) up_to /= model.tempting_up_to.back();
  for (std::size_t i = 0; spec.options == 0 && i < kStrayAnswers; ++i) model.stray.push_back(fresh_answer());
  return model;
}

const std::string& draw_tempting(const QuestionModel& model, Rng& rng) {
  const auto& up_to = model.tempting_up_to;
  const auto found = std::upper_bound(up_to.begin(), up_to.end() - 1, uniform_real(rng));
  return model.tempting[static_cast<std::size_t>(found - up_to.begin())];
}

std::string draw_junk(const QuestionModel& model, Rng& rng) {
  if (chance(rng, 0.3)) {
    std::string any = any_answer(model, rng);
    if (any != model.gold) return any;
  }
  const double u = uniform_real(rng);
  return model.stray[static_cast<std::size_t>(static_cast<double>(model.stray.size()) * u * u)];
}

// ---- the model of a branch ----

// The answer a branch plays with before it settles.
std::string draw_passing(const QuestionModel& model, const std::string& final_answer, Rng& rng) {
  if (!model.knows) return any_answer(model, rng);
  const double u = uniform_real(rng);
  if (u < 0.06) return final_answer == kErr ? draw_junk(model, rng) : final_answer;
  if (u < 0.07) return model.gold;
  if (u < 0.32) return draw_tempting(model, rng);
  return draw_junk(model, rng);
}

struct Outcome {
  std::string answer;
  bool right = false;
};

// Without knowledge no branch counts as right here: being so by luck must show in nothing else.
Outcome draw_outcome(const QuestionModel& model, Rng& rng) {
  if (!model.knows) return {any_answer(model, rng), false};
  if (chance(rng, model.right)) return {model.gold, true};
  if (chance(rng, kNeverAnswers)) return {std::string(kErr), false};
  if (chance(rng, model.temptation)) return {draw_tempting(model, rng), false};
  return {draw_junk(model, rng), false};
}

// How many of the probes come before the branch settles on its answer.
int draw_settling(const SyntheticSpec& spec, const Outcome& outcome, int probes, Rng& rng) {
  if (outcome.answer == kErr) return probes - 1;
  const double mean = outcome.right ? spec.settle_right : spec.settle_wrong;
  const double share = std::pow(uniform_real(rng), (1 - mean) / mean);  // this power has that mean
  return std::min(static_cast<int>(share * probes), probes - 1);
}

// From a stream of its own, which no draw of answers and lengths shares: numbers of branches end below.
void add_signals(const SyntheticSpec& spec, const SyntheticSignals& signals, int question, int branch,
                 std::int64_t probes, std::int64_t tokens, double shift, QuestionBuilder& builder) {
  constexpr std::uint64_t kBeyondBranches = 1ULL << 32U;
  Rng rng =
      genome::base::keyed_stream(spec.seed, Stream::kSyntheticBranch, static_cast<std::uint64_t>(question),
                                 kBeyondBranches + static_cast<std::uint64_t>(branch));
  signals.add(rng, static_cast<std::size_t>(probes), spec.interval, tokens, shift, builder);
}

void add_branch(const SyntheticSpec& spec, const QuestionModel& model, const SyntheticSignals& signals,
                int question, int branch, QuestionBuilder& builder) {
  Rng rng = stream(spec, Stream::kSyntheticBranch, question, branch);
  const Outcome outcome = draw_outcome(model, rng);
  const double log_thinking =
      model.log_length + (outcome.right ? 0 : std::log(spec.wrong_length)) + spec.length_spread * normal(rng);
  const int thinking =
      static_cast<int>(std::clamp(std::exp(log_thinking), 1.0, static_cast<double>(spec.max_tokens)));
  const int probes = (thinking + spec.interval - 1) / spec.interval;
  const int settled_at = draw_settling(spec, outcome, probes, rng);
  const double stay = std::pow(spec.stay, spec.interval / 500.0);

  std::vector<std::string> held{draw_passing(model, outcome.answer, rng)};
  std::string current = held.front();
  for (int probe = 0; probe < probes; ++probe) {
    const bool settled = probe >= settled_at;
    if (!settled && probe > 0 && !chance(rng, stay)) {
      if (!chance(rng, kComeBack)) held.push_back(draw_passing(model, outcome.answer, rng));
      current = held[held.size() == 1 ? 0 : uniform_index(rng, held.size())];
    }
    // A recording's last probe always agrees with the end of its branch.
    const bool unreadable = probe + 1 < probes && chance(rng, settled ? kErrSettled : spec.err);
    builder.add_probe(unreadable ? kErr : settled ? std::string_view(outcome.answer) : current);
  }
  const double closing = kClosingTokens * std::exp(kClosingSpread * normal(rng));
  const std::int64_t tokens = thinking + std::llround(std::min(closing, 1500.0));
  const double shift = model.knows ? (outcome.right ? 0.5 : -0.5) * spec.signal_separation : 0;
  add_signals(spec, signals, question, branch, probes, tokens, shift, builder);
  builder.end_branch(tokens, outcome.answer);
}

}  // namespace

std::span<const SyntheticKnob> synthetic_knobs() {
  using Spec = SyntheticSpec;
  static const std::vector<SyntheticKnob> all{
      {"seed", &Spec::seed, 0, kAnySeed, "Which of the environments with these knobs"},
      {"questions", &Spec::questions, 1, 100'000, "How many questions"},
      {"branches", &Spec::branches, 1, 100'000, "How many branches of each question"},
      {"interval", &Spec::interval, 1, 1'000'000, "Tokens between two probes"},
      {"difficulty", &Spec::difficulty, -50, 50,
       "The middle question's odds against a right branch, as a logarithm"},
      {"spread", &Spec::spread, 0, 50, "How far questions differ in that"},
      {"tempting", &Spec::tempting, 1, 100, "Wrong answers of a question that attract many branches"},
      {"temptation", &Spec::temptation, 0, 1, "The mean share of wrong branches that give one of those"},
      {"length", &Spec::length, 1, 10'000'000, "Median tokens of a right branch on the middle question"},
      {"wrong_length", &Spec::wrong_length, 0.1, 10, "By what factor a wrong branch is longer"},
      {"length_spread", &Spec::length_spread, 0, 3, "How far branches of one question differ in length"},
      {"max_tokens", &Spec::max_tokens, 1, 100'000'000, "Where thinking is cut off"},
      {"settle_right", &Spec::settle_right, 0.01, 0.99,
       "Where a right branch settles on its answer: mean share of its length"},
      {"settle_wrong", &Spec::settle_wrong, 0.01, 0.99, "The same for a wrong branch"},
      {"stay", &Spec::stay, 0, 1, "Until then: the chance to keep an answer for another 500 tokens"},
      {"err", &Spec::err, 0, 1, "Until then: the chance that no answer can be read at a probe"},
      {"knows", &Spec::knows, 0, 1, "0: answers, lengths and signals have nothing to do with being right"},
      {"options", &Spec::options, 0, 26, "Answers are so many letters from A on; 0: whole numbers to 999"},
      {"signals", &Spec::signals, 0, 0, "Signals that branches show, as in entropy+logprob"},
      {"signal_separation", &Spec::signal_separation, 0, 20,
       "How far the mean of a signal tells right from wrong, in deviations (d'); 2 is an AUC of 0.92"},
  };
  return all;
}

SyntheticSpec parse_synthetic(std::string_view text) {
  SyntheticSpec spec;
  const auto all = synthetic_knobs();
  std::set<std::string_view> given;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view pair = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const std::size_t equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    const auto knob = std::ranges::find(all, key, &SyntheticKnob::key);
    if (knob == all.end()) {
      std::vector<std::string_view> keys;
      for (const SyntheticKnob& known : all) keys.push_back(known.key);
      throw InputError(fmt::format("synthetic: there is no key \"{}\"; the keys are {}",
                                   genome::base::visible(key, 60), fmt::join(keys, ", ")));
    }
    if (equals == std::string_view::npos) {
      throw InputError(fmt::format("synthetic: {} needs a value, as in {}=1", key, key));
    }
    if (!given.insert(knob->key).second) throw InputError(fmt::format("synthetic: {} is given twice", key));
    set_value(spec, *knob, pair.substr(equals + 1));
  }
  validate(spec);
  return spec;
}

std::string to_text(const SyntheticSpec& spec) {
  const SyntheticSpec defaults;
  std::string text;
  for (const SyntheticKnob& knob : synthetic_knobs()) {
    std::visit(
        [&](auto member) {
          if (!text.empty() && spec.*member == defaults.*member) return;  // the seed comes first, always
          text += fmt::format("{}{}={}", text.empty() ? "" : ",", knob.key, spec.*member);
        },
        knob.member);
  }
  return text;
}

Environment make_synthetic(const SyntheticSpec& spec) {
  validate(spec);
  Environment environment{
      fmt::format("synthetic-{}", spec.seed), "synthetic:" + to_text(spec), "", {}, {}, {}};
  const SyntheticSignals signals(parse_signal_names(spec.signals));
  environment.signals = signals.sorted();
  environment.written_signals = signals.names();
  const std::vector<double> log_odds = draw_log_odds(spec);
  for (int question = 0; question < spec.questions; ++question) {
    const QuestionModel model = draw_question(spec, question, log_odds[static_cast<std::size_t>(question)]);
    QuestionBuilder builder(fmt::format("synthetic question {} of seed {}", question, spec.seed), model.gold,
                            spec.interval, signals.names().size());
    for (int branch = 0; branch < spec.branches; ++branch) {
      take_breath();
      add_branch(spec, model, signals, question, branch, builder);
    }
    environment.questions.push_back(std::move(builder).finish());
  }
  environment.digest = environment_digest(to_json(environment));
  return environment;
}

}  // namespace replay
