#include "experiments/reports/diff_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/console/json_text.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using genome::Change;
using genome::LineChange;
using genome::ScheduleChange;
using genome::ScheduleSide;
using genome::SemanticDiff;
using nlohmann::ordered_json;

constexpr std::size_t kContext = 1;  // unchanged lines beside a change

std::string_view word_of(genome::Direction direction) {
  return direction == genome::Direction::kRises ? "rises" : "falls";
}

// ---- text

// How a value moves over beta.
std::string range_of(const ScheduleSide& side) {
  return fmt::format("{:.6g}…{:.6g}", side.at_zero, side.at_one);
}
std::string told(const ScheduleSide& side) {
  return fmt::format("{} {}", word_of(side.direction), range_of(side));
}

std::string schedule_line(const ScheduleChange& c) {
  if (!c.to) return fmt::format("  - {}: {}, {}\n", c.name, told(*c.from), c.from->text);
  if (!c.from) return fmt::format("  + {}: {}, {}\n", c.name, told(*c.to), c.to->text);
  std::string line = fmt::format("  ~ {}: {}", c.name, told(*c.from));
  if (c.from->direction != c.to->direction)
    line += " → " + told(*c.to);
  else if (!c.same_values)
    line += " → " + range_of(*c.to);
  if (c.same_values) line += ", the same values";
  if (!c.marked.empty()) line += ", " + c.marked;
  return line + "\n";
}

std::string schedule_text(const std::vector<ScheduleChange>& changes) {
  std::string text;
  for (const ScheduleChange& change : changes) {
    if (change.change != Change::kSame) text += schedule_line(change);
  }
  return text;
}

std::string line_of(const LineChange& c) {
  switch (c.change) {
    case Change::kSame: return fmt::format("    {}\n", c.from);
    case Change::kChanged: return fmt::format("  ~ {}\n", c.marked);
    case Change::kAdded: return fmt::format("  + {}\n", c.to);
    case Change::kDropped: return fmt::format("  - {}\n", c.from);
  }
  return "";
}

// The changed lines with those beside them; empty when nothing changed.
std::string lines_text(const std::vector<LineChange>& changes) {
  const auto changed = [](const LineChange& c) { return c.change != Change::kSame; };
  if (std::none_of(changes.begin(), changes.end(), changed)) return "";
  std::string text;
  for (std::size_t i = 0; i < changes.size();) {
    std::size_t end = i;  // of the run of unchanged lines that begins here
    while (end < changes.size() && !changed(changes[end])) ++end;
    const std::size_t head = i == 0 ? 0 : kContext, tail = end == changes.size() ? 0 : kContext;
    if (end - i > head + tail + 1) {
      for (std::size_t k = i; k < i + head; ++k) text += line_of(changes[k]);
      text += fmt::format("    ... {} lines the same\n", end - i - head - tail);
      i = end - tail;
    }
    for (; i < std::min(end + 1, changes.size()); ++i) text += line_of(changes[i]);
  }
  return text;
}

std::string renamed_text(const SemanticDiff& diff) {
  std::string text;
  for (const genome::Renaming& r : diff.renamed)
    text += fmt::format("{}{} → {}", text.empty() ? "" : ", ", r.from, r.to);
  return text.empty() ? text : fmt::format("renamed: {}\n", text);
}

using Sections = std::vector<std::pair<std::string_view, std::string>>;

Sections sections_of(const SemanticDiff& diff) {
  return {{"schedule", schedule_text(diff.schedule)}, {"memory", lines_text(diff.memory)},
          {"branch", lines_text(diff.branch)},        {"start", lines_text(diff.start)},
          {"round", lines_text(diff.round)},          {"answer", lines_text(diff.answer)}};
}

// ---- JSON

ordered_json side_json(const std::optional<ScheduleSide>& side) {
  if (!side) return nullptr;
  ordered_json object;
  object["direction"] = word_of(side->direction);
  object["value"] = side->text;
  object["at_0"] = side->at_zero;
  object["at_1"] = side->at_one;
  return object;
}

ordered_json schedule_json(const std::vector<ScheduleChange>& changes) {
  ordered_json list = ordered_json::array();
  for (const ScheduleChange& c : changes) {
    if (c.change == Change::kSame) continue;
    ordered_json object;
    object["name"] = c.name;
    object["change"] = genome::name_of(c.change);
    object["from"] = side_json(c.from);
    object["to"] = side_json(c.to);
    object["same_values"] = c.same_values;
    list.push_back(std::move(object));
  }
  return list;
}

ordered_json lines_json(const std::vector<LineChange>& changes) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? ordered_json(nullptr) : ordered_json(text);
  };
  ordered_json list = ordered_json::array();
  for (const LineChange& c : changes) {
    if (c.change == Change::kSame) continue;
    ordered_json object;
    object["change"] = genome::name_of(c.change);
    object["from"] = or_null(c.from);
    object["to"] = or_null(c.to);
    object["marked"] = or_null(c.marked);
    list.push_back(std::move(object));
  }
  return list;
}

ordered_json renamed_json(const SemanticDiff& diff) {
  ordered_json list = ordered_json::array();
  for (const genome::Renaming& r : diff.renamed) {
    ordered_json object;
    object["from"] = r.from;
    object["to"] = r.to;
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace

std::string diff_text(const DiffSide& a, const DiffSide& b, const SemanticDiff& diff) {
  if (diff.same_text) return fmt::format("no difference: both are {}\n", genome::base::short_id(a.id));
  const std::size_t width = std::max(a.label.size(), b.label.size());
  std::string text =
      fmt::format("A  {:<{}}  {}\n", genome::base::visible(a.label), width, genome::base::short_id(a.id));
  text +=
      fmt::format("B  {:<{}}  {}\n\n", genome::base::visible(b.label), width, genome::base::short_id(b.id));
  if (diff.equivalent) {
    return text +
           "no difference but in words: names, the order of independent lines, or what nothing reads\n" +
           renamed_text(diff);
  }
  text += renamed_text(diff);
  if (diff.rounds_from != diff.rounds_to)
    text += fmt::format("rounds: {} → {}\n", diff.rounds_from, diff.rounds_to);
  std::string same;
  for (const auto& [section, lines] : sections_of(diff)) {
    if (lines.empty())
      same += fmt::format("{}{}", same.empty() ? "" : ", ", section);
    else
      text += fmt::format("{}\n{}", section, lines);
  }
  return same.empty() ? text : text + fmt::format("the same: {}\n", same);
}

std::string diff_json(const DiffSide& a, const DiffSide& b, const SemanticDiff& diff) {
  ordered_json rounds = nullptr;
  if (diff.rounds_from != diff.rounds_to) {
    rounds = ordered_json::object();
    rounds["from"] = diff.rounds_from;
    rounds["to"] = diff.rounds_to;
  }
  return json_document({{"a", json_text(a.label)},
                        {"b", json_text(b.label)},
                        {"id_a", json_text(a.id)},
                        {"id_b", json_text(b.id)},
                        {"same_text", json_line(diff.same_text)},
                        {"equivalent", json_line(diff.equivalent)},
                        {"renamed", json_line(renamed_json(diff))},
                        {"rounds", json_line(rounds)},
                        {"schedule", json_line(schedule_json(diff.schedule))},
                        {"memory", json_line(lines_json(diff.memory))},
                        {"branch", json_line(lines_json(diff.branch))},
                        {"start", json_line(lines_json(diff.start))},
                        {"round", json_line(lines_json(diff.round))},
                        {"answer", json_line(lines_json(diff.answer))}});
}

}  // namespace experiments
