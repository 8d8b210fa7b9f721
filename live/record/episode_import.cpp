#include "live/record/episode_import.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <utility>

#include "genome/base/text.hpp"
#include "live/record/episode_json.hpp"
#include "live/record/json_members.hpp"
#include "live/record/record_file.hpp"
#include "live/upstream/capabilities.hpp"
#include "replay/environment/collected.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

using genome::base::visible;
using replay::InputError;
using Json = nlohmann::json;
namespace fs = std::filesystem;

std::string place_of(const fs::path& file, std::size_t line) {
  return fmt::format("{}: line {}", visible(file.string()), line);
}

EpisodeRecord record_at(const std::string& place, std::string_view text) {
  try {
    return record_of(text);
  } catch (const std::exception& error) {
    throw InputError(fmt::format("{}: {}", place, visible(error.what())));
  }
}

// What decides over a branch and its answers; another release of the server does not.
Json deciding(const std::string& made) {
  Json json = Json::parse(made);
  json.erase("server");
  json.erase("context");
  return json;
}

ReadingTask task_of(const Json& made) {
  const JsonMembers members(made, "made.");
  return ReadingTask({.task = members.text("task"),
                      .look_task = members.text("look_task"),
                      .look_suffix = members.text("look_suffix"),
                      .prompt = members.text("prompt")});
}

// What a server of whole samples tells of the same branch: one number, weighted by tokens.
double whole_mean(const TrailBranch& branch, const std::vector<double>& numbers, std::int64_t interval) {
  const std::int64_t last = std::max<std::int64_t>(0, branch.tokens - interval * branch.intervals);
  double sum = 0, weight = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto tokens = static_cast<double>(i + 1 < numbers.size() ? interval : last);
    sum += numbers[i] * tokens;
    weight += tokens;
  }
  return weight > 0 ? sum / weight : numbers.back();
}

}  // namespace

// ---- the first reading

void EpisodeImport::read(const fs::path& file, const GoldTable& golds) {
  files_.push_back(file);
  const std::uint64_t torn = read_lines(file, [&](const RecordLine& line) {
    see(record_at(place_of(file, line.number), line.text), line, golds);
  });
  counts_.torn += torn > 0 ? 1 : 0;
}

void EpisodeImport::see(const EpisodeRecord& record, const RecordLine& line, const GoldTable& golds) {
  const std::string place = place_of(files_.back(), line.number);
  const auto [before, fresh] = places_.try_emplace(record.id, place);
  if (!fresh)
    throw InputError(fmt::format("{}: the episode {} occurs twice, first in {}", place,
                                 visible(record.id, 60), before->second));
  ++counts_.episodes;
  expect_made_alike(record, place);
  last_time_ = std::max(last_time_, record.time);
  if (record.messages.size() != 1 || record.messages[0].role != "user") {
    ++counts_.with_history;
    return;
  }
  const std::size_t question = question_of(record, place, golds);
  Pick pick{.file = files_.size() - 1,
            .question = question,
            .offset = line.offset,
            .bytes = line.text.size(),
            .branches = {}};
  const std::vector<TrailBranch>& branches = record.outcome.trail->branches;
  counts_.opened += branches.size();
  for (std::size_t i = 0; i < branches.size(); ++i) {
    if (!can_be_taken(branches[i])) continue;
    if (!seeded_.emplace(question, record.seed, i).second) {
      ++counts_.twice;
      continue;
    }
    pick.branches.push_back(i);
    ++asked_[question].branches;
    for (const auto& [name, numbers] : branches[i].signals) ++asked_[question].signals[name];
  }
  if (!pick.branches.empty()) picks_.push_back(std::move(pick));
}

void EpisodeImport::expect_made_alike(const EpisodeRecord& record, const std::string& place) {
  if (task_) {
    if (record.head.made == made_) return;
    const Json first = deciding(made_), other = deciding(record.head.made);
    std::vector<std::string> names;
    for (const Json& change : Json::diff(first, other))
      names.push_back(change.at("path").get<std::string>().substr(1));
    if (!names.empty())
      throw InputError(fmt::format("{}: its branches were made otherwise than those of {}: {}", place,
                                   made_place_, visible(fmt::format("{}", fmt::join(names, ", ")))));
    return;
  }
  const Json made = Json::parse(record.head.made);
  try {
    interval_ = JsonMembers(made, "made.").count("interval", replay::kMaxInterval);
    if (interval_ == 0) throw std::invalid_argument("made.interval must not be 0");
    task_ = task_of(made);
  } catch (const std::exception& error) {
    throw InputError(fmt::format("{}: {}", place, visible(error.what())));
  }
  made_ = record.head.made;
  made_place_ = place;
  program_ = record.head.program;
}

std::size_t EpisodeImport::question_of(const EpisodeRecord& record, const std::string& place,
                                       const GoldTable& golds) {
  const std::string& text = record.messages[0].content;
  const auto [known, fresh] = numbers_.try_emplace(text, asked_.size());
  if (fresh)
    asked_.push_back({.text = text, .gold_place = {}, .gold = std::nullopt, .branches = 0, .signals = {}});
  Asked& asked = asked_[known->second];
  const std::string* const given = golds.of(text, record.id);
  if (given == nullptr) return known->second;
  const std::string gold = task_->gold_answer(*given);
  if (asked.gold && *asked.gold != gold)
    throw InputError(fmt::format("{}: the right answer of its question is \"{}\", and \"{}\" in {}", place,
                                 visible(gold, 60), visible(*asked.gold, 60), asked.gold_place));
  if (!asked.gold) asked.gold_place = place;
  asked.gold = gold;
  return known->second;
}

bool EpisodeImport::can_be_taken(const TrailBranch& branch) {
  if (branch.end != TrailBranch::End::kFinished) return false;
  ++counts_.whole;
  if (!branch.text) {
    ++counts_.without_text;
    return false;
  }
  const bool seen =
      branch.looks.size() == static_cast<std::size_t>(branch.intervals) &&
      std::ranges::all_of(branch.looks, [](const TrailLook& look) { return look.said.has_value(); });
  if (options_.probes && !seen) {
    ++counts_.without_looks;
    return false;
  }
  return true;
}

// ---- what it came to

std::size_t EpisodeImport::taken() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(asked_, [this](const Asked& asked) { return is_taken(asked); }));
}

std::vector<std::string> EpisodeImport::without_gold() const {
  std::vector<std::string> texts;
  for (const Asked& asked : asked_)
    if (!asked.gold) texts.push_back(asked.text);
  return texts;
}

std::vector<std::string> EpisodeImport::with_too_few() const {
  std::vector<std::string> texts;
  for (const Asked& asked : asked_)
    if (asked.gold && !is_taken(asked)) texts.push_back(asked.text);
  return texts;
}

// Those of every branch that is taken, sorted.
std::vector<std::string> EpisodeImport::common_signals() const {
  std::map<std::string, std::size_t> times;
  std::size_t branches = 0;
  for (const Asked& asked : asked_) {
    if (!is_taken(asked)) continue;
    branches += asked.branches;
    for (const auto& [name, count] : asked.signals) times[name] += count;
  }
  std::vector<std::string> common;
  for (const auto& [name, count] : times)
    if (count == branches) common.push_back(name);
  return common;
}

std::string EpisodeImport::collected() const {
  Json json = Json::parse(made_);
  if (!options_.probes) json["grade"] = name_of(Grade::kWholeSamples);
  json["cut"] = counts_.cut;
  json["date"] = last_time_;
  json["program"] = program_;
  json["imported"] = {{"from", "episodes"},     {"episodes", counts_.episodes}, {"opened", counts_.opened},
                      {"whole", counts_.whole}, {"branches", counts_.imported}, {"probes", options_.probes}};
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > replay::kMaxCollectedBytes)
    throw InputError(fmt::format("{}: made is too large", made_place_));
  return text;
}

// ---- the second reading

replay::Environment EpisodeImport::environment(TextsWriter& texts) {
  replay::Environment made;
  made.signals = common_signals();
  std::vector<std::optional<std::size_t>> numbers(asked_.size());
  std::vector<replay::QuestionBuilder> builders;
  std::vector<std::size_t> branches;
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    if (!is_taken(asked_[i])) continue;
    numbers[i] = builders.size();
    builders.emplace_back(asked_[i].text, *asked_[i].gold, interval_, made.signals.size());
    branches.push_back(0);
  }
  for (const Pick& pick : picks_) {
    if (!numbers[pick.question]) continue;
    const std::size_t question = *numbers[pick.question];
    const fs::path& file = files_[pick.file];
    const EpisodeRecord record = record_at(visible(file.string()), line_at(file, pick.offset, pick.bytes));
    for (const std::size_t at : pick.branches) {
      const std::vector<TrailBranch>& all = record.outcome.trail->branches;
      if (at >= all.size())
        throw InputError(fmt::format("{}: was changed while it was read", visible(file.string())));
      const TrailBranch& branch = all[at];
      add_branch(builders[question], branch, made.signals, file);
      texts.add(text_of(branch, question, branches[question]++));
      ++counts_.imported;
      counts_.cut += branch.cut ? 1 : 0;
    }
  }
  for (replay::QuestionBuilder& builder : builders) made.questions.push_back(std::move(builder).finish());
  made.collected = collected();
  return made;
}

void EpisodeImport::add_branch(replay::QuestionBuilder& builder, const TrailBranch& branch,
                               const std::vector<std::string>& signals, const fs::path& file) const {
  const auto overflow = [&] {
    return InputError(fmt::format("{}: signals of a branch are too large", visible(file.string())));
  };
  if (options_.probes)
    for (const TrailLook& look : branch.looks) builder.add_probe(look.answer);
  for (std::size_t s = 0; s < signals.size(); ++s) {
    const auto numbers = branch.signals.find(signals[s]);
    if (numbers == branch.signals.end()) throw overflow();
    if (options_.probes)
      builder.add_signal(s, numbers->second);
    else
      builder.add_signal(s, std::vector{whole_mean(branch, numbers->second, interval_)});
  }
  if (builder.end_branch(branch.tokens, branch.answer)) throw overflow();
}

BranchText EpisodeImport::text_of(const TrailBranch& branch, std::size_t question, std::size_t number) const {
  BranchText text{.question = question,
                  .branch = number,
                  .text = *branch.text,
                  .looks = {},
                  .reason = branch.cut ? "length" : "stop"};
  if (options_.probes)
    for (const TrailLook& look : branch.looks) text.looks.push_back(look.said.value_or(""));
  return text;
}

}  // namespace live
