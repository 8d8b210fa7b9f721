#include "experiments/commands/live/audit_report.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <nlohmann/json.hpp>

#include "experiments/console/json_text.hpp"
#include "genome/base/text.hpp"
#include "live/audit/causes.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using live::Check;
using Json = nlohmann::ordered_json;
using Lengths = std::map<std::int64_t, std::size_t>;

constexpr std::array kQuantiles = {0.1, 0.25, 0.5, 0.75, 0.9};
constexpr int kDigits = 6;  // of p

// How a check is named, how many digits its numbers have, and by what they are multiplied.
struct Shown {
  const char* name;
  int digits;
  double scale;
};

Shown shown(Check check) {
  switch (check) {
    case Check::kAccuracy: return {"accuracy", 2, 100};
    case Check::kTokens: return {"tokens", 1, 1};
    case Check::kEnds: return {"intervals_with_end", 2, 100};
    case Check::kLengths: return {"branch_tokens", 1, 1};
    case Check::kFinalsRight: return {"branches_right", 2, 100};
    case Check::kFinalsAgree: return {"branches_agree", 2, 100};
    case Check::kFinalsBlank: return {"branches_without_answer", 2, 100};
    case Check::kLooksAgree: return {"looks_agree", 2, 100};
    case Check::kLooksBlank: return {"looks_without_answer", 2, 100};
    case Check::kLogprob: return {"logprob", 4, 1};
    case Check::kEntropy: return {"entropy", 4, 1};
    case Check::kConfidence: return {"confidence", 4, 1};
  }
  return {"", 0, 1};
}

std::string table_of(const Audit& audit, Format format) {
  Table table({"check", "live", "replay", "difference", "low", "high", "p", "adjusted", "flag"});
  for (const live::CheckResult& each : audit.results) {
    const Shown how = shown(each.check);
    const auto number = [&](double value) { return Decimal{value * how.scale, how.digits}; };
    table.add_row({std::string(how.name), number(each.live), number(each.replay), number(each.difference),
                   number(each.interval.low), number(each.interval.high), Decimal{each.p, kDigits},
                   Decimal{each.adjusted, kDigits}, std::string(each.flagged() ? "FLAG" : "")});
  }
  return table.text(format);
}

Lengths live_lengths(const Audit& audit) {
  Lengths lengths;
  for (const auto& episodes : audit.end.seen)
    for (const live::SeenEpisode& episode : episodes)
      for (const live::SeenBranch& branch : episode.branches)
        if (branch.finished) ++lengths[branch.tokens];
  return lengths;
}

Lengths replayed_lengths(const Audit& audit) {
  Lengths lengths;
  for (const live::AuditedQuestion& question : audit.compared)
    if (!question.live.empty())
      for (const auto& [tokens, count] : question.replays.lengths) lengths[tokens] += count;
  return lengths;
}

std::vector<std::int64_t> quantiles_of(const Lengths& lengths) {
  std::size_t all = 0;
  for (const auto& [tokens, count] : lengths) all += count;
  std::vector<std::int64_t> quantiles;
  for (const double share : kQuantiles) {
    std::size_t below = 0;
    for (const auto& [tokens, count] : lengths) {
      below += count;
      if (static_cast<double>(below) < share * static_cast<double>(all)) continue;
      quantiles.push_back(tokens);
      break;
    }
  }
  return quantiles;
}

std::string verdict_of(const Audit& audit) {
  if (audit.agrees()) return fmt::format("agrees: no check is off at p < {}", live::kFlag);
  std::vector<std::string> names;
  for (const live::CheckResult& each : audit.results)
    if (each.flagged()) names.push_back(name_of(each.check));
  return fmt::format("DIFFERS from replay at p < {}: {}", live::kFlag, fmt::join(names, ", "));
}

std::string head_of(const Audit& audit) {
  return fmt::format(
      "{} at beta {} on {}: {} episodes on {} questions at {}, model {}, grade {}; {} of replay on each "
      "question\n\n",
      visible(audit.controller, 200), audit.beta, visible(audit.environment, 300), audit.end.last.done,
      audit.questions, visible(audit.server, 300), visible(audit.model, 200), audit.grade, audit.replays);
}

std::string what_is_missing(const Audit& audit) {
  std::string text;
  if (!audit.end.why.empty())
    text += fmt::format("not whole: {}; {} of {} episodes were seen, short ones sooner than long ones\n",
                        visible(audit.end.why, 500), audit.end.last.done, audit.end.last.wanted);
  if (audit.end.last.failed > 0)
    text += fmt::format("left out: {} episodes that failed, the latest with: {}\n", audit.end.last.failed,
                        visible(audit.end.failure, 500));
  if (!audit.not_compared.empty())
    text += fmt::format("not compared, as there was nothing to compare: {}\n",
                        fmt::join(audit.not_compared, ", "));
  return text;
}

std::string plain(const Audit& audit) {
  std::string text = head_of(audit) + table_of(audit, Format::kTable);
  const auto live = quantiles_of(live_lengths(audit)), replay = quantiles_of(replayed_lengths(audit));
  if (!live.empty() && !replay.empty())
    text += fmt::format("\ntokens of branches that ended (10, 25, 50, 75, 90%): live {}; replay {}\n",
                        fmt::join(live, ", "), fmt::join(replay, ", "));
  const live::EpisodeTokens& tokens = audit.end.tokens;
  text += fmt::format("spent: {} requests; tokens read {}, written {} for branches and {} for looks{}\n",
                      tokens.requests, tokens.prompt, tokens.branches, tokens.looks,
                      tokens.lost > 0 ? fmt::format(", {} in vain", tokens.lost) : "");
  text += what_is_missing(audit);
  for (const std::string& each : audit.other_settings) text += "set otherwise: " + each + "\n";
  text += "\n" + verdict_of(audit) + "\n";
  for (const std::string& each : live::likely_causes(audit.results)) text += "likely: " + each + "\n";
  return text;
}

std::string document(const Audit& audit) {
  const live::EpisodeTokens& tokens = audit.end.tokens;
  const auto line = [](const Json& json) { return json_line(json); };
  const Json spent = {{"requests", tokens.requests},    {"prompt_tokens", tokens.prompt},
                      {"cached_tokens", tokens.cached}, {"branch_tokens", tokens.branches},
                      {"look_tokens", tokens.looks},    {"lost_tokens", tokens.lost}};
  return json_document({{"controller", line(audit.controller)},
                        {"beta", line(audit.beta)},
                        {"environment", line(audit.environment)},
                        {"server", line(audit.server)},
                        {"model", line(audit.model)},
                        {"grade", line(audit.grade)},
                        {"questions", line(audit.questions)},
                        {"replays", line(audit.replays)},
                        {"episodes", line(audit.end.last.done)},
                        {"episodes_wanted", line(audit.end.last.wanted)},
                        {"episodes_failed", line(audit.end.last.failed)},
                        {"failure", line(audit.end.failure.empty() ? Json() : Json(audit.end.failure))},
                        {"ended_early", line(audit.end.why.empty() ? Json() : Json(audit.end.why))},
                        {"agrees", line(audit.agrees())},
                        {"checks", table_of(audit, Format::kJson)},
                        {"not_compared", line(audit.not_compared)},
                        {"branch_tokens_live", line(quantiles_of(live_lengths(audit)))},
                        {"branch_tokens_replay", line(quantiles_of(replayed_lengths(audit)))},
                        {"other_settings", line(audit.other_settings)},
                        {"likely_causes", line(live::likely_causes(audit.results))},
                        {"spent", line(spent)}});
}

}  // namespace

std::string name_of(live::Check check) { return shown(check).name; }

std::string audit_report(const Audit& audit, Format format) {
  if (format == Format::kCsv) return table_of(audit, format);
  return format == Format::kJson ? document(audit) : plain(audit);
}

}  // namespace experiments
