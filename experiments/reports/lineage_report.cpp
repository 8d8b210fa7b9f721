#include "experiments/reports/lineage_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "experiments/reports/diff_text.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"
#include "genome/comparison/semantic_diff.hpp"
#include "genome/text/checker.hpp"

namespace experiments {
namespace {

using genome::base::short_id;
using Json = nlohmann::ordered_json;

constexpr std::size_t kGainWidth = 24, kTokensWidth = 25;

const evo::Born* first_parent(const evo::Lineage& lineage, const evo::Born& born) {
  return born.birth.parents.empty() ? nullptr : lineage.get(born.birth.parents.front());
}

// By how much the score of birth was above the first parent's.
std::optional<double> birth_gain(const evo::Lineage& lineage, const evo::Born& born) {
  const evo::Born* parent = first_parent(lineage, born);
  return parent == nullptr ? std::nullopt : std::optional(born.score - parent->score);
}

std::optional<double> birth_tokens_percent(const evo::Lineage& lineage, const evo::Born& born) {
  const evo::Born* parent = first_parent(lineage, born);
  if (parent == nullptr || parent->tokens() <= 0) return std::nullopt;
  return 100 * (born.tokens() / parent->tokens() - 1);
}

std::string accuracy_words(const StepGain& gain) {
  return fmt::format("{:+.2f} [{:+.2f}, {:+.2f}]", gain.accuracy, gain.accuracy_interval.low,
                     gain.accuracy_interval.high);
}

std::string tokens_words(const StepGain& gain) {
  return fmt::format("{:+.1f}% [{:+.1f}, {:+.1f}]", gain.tokens_percent, gain.tokens_interval.low,
                     gain.tokens_interval.high);
}

Json number_or_null(std::optional<double> value) { return value ? Json(*value) : Json(); }

void add_gain(Json& to, const StepGain* gain) {
  to["accuracy"] = gain == nullptr ? Json()
                                   : Json{{"gain", gain->accuracy},
                                          {"low", gain->accuracy_interval.low},
                                          {"high", gain->accuracy_interval.high}};
  to["tokens"] = gain == nullptr ? Json()
                                 : Json{{"percent", gain->tokens_percent},
                                        {"low", gain->tokens_interval.low},
                                        {"high", gain->tokens_interval.high}};
}

// Inside quotes of Graphviz, where a backslash begins an escape.
std::string in_label(std::string_view text) {
  std::string out;
  for (const char c : genome::base::one_line(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// In lines of about so many characters, that a box may stay narrow.
std::string wrapped_label(std::string_view text) {
  constexpr std::size_t kWidth = 40;
  std::string out;
  std::size_t width = 0;
  for (const char c : genome::base::one_line(text)) {
    ++width;
    if (c == ' ' && width > kWidth) {
      out += "\\n";
      width = 0;
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string LineageReport::accuracy_gain(const evo::Born& born) const {
  if (gains_ != nullptr) {
    const StepGain* gain = gains_->of(born);
    return gain == nullptr ? "" : accuracy_words(*gain);
  }
  const auto score = birth_gain(lineage_, born);
  return score ? fmt::format("{:+.3f}", *score) : "";
}

std::string LineageReport::tokens_gain(const evo::Born& born) const {
  if (gains_ != nullptr) {
    const StepGain* gain = gains_->of(born);
    return gain == nullptr ? "" : tokens_words(*gain);
  }
  const auto tokens = birth_tokens_percent(lineage_, born);
  return tokens ? fmt::format("{:+.1f}%", *tokens) : "";
}

std::string LineageReport::gain_words(const evo::Born& born) const {
  constexpr std::size_t kBirthWidth = 7;
  return fmt::format("{:>{}}  {:>{}}", accuracy_gain(born), gains_ != nullptr ? kGainWidth : kBirthWidth,
                     tokens_gain(born), gains_ != nullptr ? kTokensWidth : kBirthWidth);
}

std::string LineageReport::step_line(const evo::Born& born) const {
  std::string line = fmt::format("{:>5}  {}  {:7.3f}  {}  {:5}  {}", born.birth.generation, short_id(born.id),
                                 born.score, gain_words(born), born.size, born.birth.operation);
  for (std::size_t i = 1; i < born.birth.parents.size(); ++i)
    line += fmt::format(" with {}", short_id(born.birth.parents[i]));
  if (born.birth.island > 0) line += fmt::format(" on island {}", born.birth.island);
  return line + "\n";
}

std::string LineageReport::idea_line(const evo::Born& born, const std::string& margin) const {
  const auto idea = ideas_.of(born);
  if (!idea) return {};
  return fmt::format("{}         by {}{}\n", margin, idea->model.empty() ? "a model" : idea->model,
                     idea->hypothesis.empty() ? "" : ": " + idea->hypothesis);
}

std::vector<std::string> changes_between(const NamedText& before, const NamedText& after) {
  const auto a = genome::check_text(before.text).controller, b = genome::check_text(after.text).controller;
  if (!a || !b) return {};
  std::istringstream all(
      diff_text({"", before.id}, {"", after.id}, genome::semantic_diff(a->tree(), b->tree())));
  std::vector<std::string> lines;
  bool heading = true;  // which two are compared is known
  for (std::string line; std::getline(all, line);) {
    if (!heading && !line.empty()) lines.push_back(line);
    if (line.empty()) heading = false;
  }
  return lines;
}

std::vector<std::string> LineageReport::changes_of(const evo::Born& born) const {
  const evo::Born* parent = first_parent(lineage_, born);
  const auto text = lineage_.text_of(born);
  const auto before = parent == nullptr ? std::nullopt : lineage_.text_of(*parent);
  if (!text || !before) return {};
  return changes_between({parent->id, *before}, {born.id, *text});
}

std::string LineageReport::line_text(const std::vector<const evo::Born*>& line, Detail detail) const {
  std::string out = gains_ != nullptr ? fmt::format("{:>5}  {:10}  {:>7}  {:>{}}  {:>{}}  {:>5}  {}\n",
                                                    "born", "id", "score", "accuracy [95%]", kGainWidth,
                                                    "tokens [95%]", kTokensWidth, "nodes", "operator")
                                      : fmt::format("{:>5}  {:10}  {:>7}  {:>7}  {:>7}  {:>5}  {}\n", "born",
                                                    "id", "score", "gain", "tokens", "nodes", "operator");
  for (const evo::Born* born : line) {
    out += step_line(*born) + idea_line(*born, "");
    if (detail == Detail::kStepsOnly) continue;
    for (const std::string& each : changes_of(*born)) out += "         " + each + "\n";
  }
  return out;
}

std::string LineageReport::tree_text(const evo::Born& of, Detail detail) const {
  struct Entry {
    const evo::Born* born;
    std::string margin, mark;
  };
  std::string out;
  std::set<std::string> shown;
  std::vector<Entry> left = {{&of, "", ""}};
  while (!left.empty()) {
    const Entry entry = left.back();
    left.pop_back();
    const evo::Born& born = *entry.born;
    if (!shown.insert(born.id).second) {
      out += fmt::format("{}{}{:>5}  {}  (shown above)\n", entry.margin, entry.mark, born.birth.generation,
                         short_id(born.id));
      continue;
    }
    out += entry.margin + entry.mark + step_line(born);
    // What stands below a branch is set in; the first parent goes on at the margin of its child.
    const std::string margin = entry.mark.empty() ? entry.margin : entry.margin + "|  ";
    out += idea_line(born, margin);
    if (detail == Detail::kChanges) {
      for (const std::string& each : changes_of(born)) out += margin + "         " + each + "\n";
    }
    const auto& parents = born.birth.parents;
    const auto push = [&](const std::string& id, const std::string& mark) {
      if (const evo::Born* parent = lineage_.get(id); parent != nullptr && id != born.id)
        left.push_back({parent, margin, mark});
    };
    if (!parents.empty()) push(parents.front(), "");
    for (std::size_t i = parents.size(); i-- > 1;) push(parents[i], "+- ");
  }
  return out;
}

std::string LineageReport::json(const std::vector<const evo::Born*>& steps) const {
  Json all = Json::array();
  for (const evo::Born* born : steps) {
    Json one = {{"id", born->id},
                {"generation", born->birth.generation},
                {"operator", born->birth.operation},
                {"parents", born->birth.parents},
                {"score", born->score},
                {"nodes", born->size}};
    if (born->birth.island > 0) one["island"] = born->birth.island;
    one["gain"] = number_or_null(birth_gain(lineage_, *born));
    one["tokens_percent"] = number_or_null(birth_tokens_percent(lineage_, *born));
    add_gain(one, gains_ == nullptr ? nullptr : gains_->of(*born));
    const auto idea = ideas_.of(*born);
    one["model"] = idea && !idea->model.empty() ? Json(idea->model) : Json();
    one["hypothesis"] = idea && !idea->hypothesis.empty() ? Json(idea->hypothesis) : Json();
    one["exchange"] = idea ? Json(idea->exchange) : Json();
    one["changes"] = changes_of(*born);
    all.push_back(std::move(one));
  }
  return all.dump(2) + "\n";
}

// Parents above children, the first parent by a full line that says what the step gained.
std::string LineageReport::dot(const std::vector<const evo::Born*>& steps) const {
  std::string out = "digraph lineage {\n  node [shape=box, fontname=\"monospace\"];\n";
  for (const evo::Born* born : steps) {
    const auto idea = ideas_.of(*born);
    const std::string whose =
        idea ? fmt::format("\\nby {}", in_label(idea->model.empty() ? "a model" : idea->model)) : "";
    const std::string why = idea && !idea->hypothesis.empty() ? "\\n" + wrapped_label(idea->hypothesis) : "";
    const std::string where = born->birth.island > 0 ? fmt::format(", island {}", born->birth.island) : "";
    out += fmt::format("  \"{}\" [label=\"{}\\ngeneration {}{}, {:.3f}{}{}\"];\n", born->id,
                       short_id(born->id), born->birth.generation, where, born->score, whose, why);
    const StepGain* gain = gains_ == nullptr ? nullptr : gains_->of(*born);
    const std::string words =
        gain == nullptr ? "" : fmt::format("\\n{}\\n{}", accuracy_words(*gain), tokens_words(*gain));
    for (std::size_t i = 0; i < born->birth.parents.size(); ++i) {
      out +=
          fmt::format("  \"{}\" -> \"{}\" [label=\"{}\"{}];\n", born->birth.parents[i], born->id,
                      i == 0 ? in_label(born->birth.operation) + words : "", i == 0 ? "" : ", style=dashed");
    }
  }
  return out + "}\n";
}

std::string LineageReport::blame_text(const std::vector<BlamedLine>& lines) const {
  std::string out;
  for (const BlamedLine& line : lines) {
    if (line.text.empty()) {
      out += "\n";
      continue;
    }
    out += fmt::format("{:>6}  {}  {}  {:24.24}  {}\n", line.by->birth.generation, short_id(line.by->id),
                       gain_words(*line.by), line.by->birth.operation, line.text);
  }
  return out;
}

std::string LineageReport::blame_json(const std::vector<BlamedLine>& lines) const {
  Json all = Json::array();
  for (const BlamedLine& line : lines) {
    Json one = {{"line", line.text}};
    if (line.by != nullptr && !line.text.empty()) {
      one["generation"] = line.by->birth.generation;
      if (line.by->birth.island > 0) one["island"] = line.by->birth.island;
      one["id"] = line.by->id;
      one["operator"] = line.by->birth.operation;
      one["gain"] = number_or_null(birth_gain(lineage_, *line.by));
      add_gain(one, gains_ == nullptr ? nullptr : gains_->of(*line.by));
    }
    all.push_back(std::move(one));
  }
  return all.dump(2) + "\n";
}

}  // namespace experiments
