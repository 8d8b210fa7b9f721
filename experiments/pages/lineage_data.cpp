#include "experiments/pages/lineage_data.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

#include "experiments/reports/lineage_report.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/error.hpp"
#include "replay/parallel/for_each_index.hpp"

namespace experiments {
namespace {

using genome::base::short_id;

// Texts as numbers of their lines, of which each is kept once.
class Lines {
 public:
  PageJson numbers_of(const std::string& text) {
    PageJson numbers = PageJson::array();
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const auto [line, fresh] = numbers_.try_emplace(text.substr(at, end - at), numbers_.size());
      if (fresh) lines_.push_back(line->first);
      numbers.push_back(line->second);
      at = end + 1;
    }
    return numbers;
  }
  const PageJson& lines() const { return lines_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  PageJson lines_ = PageJson::array();
};

// The texts of steps, each read once. Those that cannot be read count as not kept.
class Texts {
 public:
  explicit Texts(const evo::Lineage& lineage) : lineage_(lineage) {}

  const std::optional<std::string>& of(const evo::Born& born) {
    const auto [text, fresh] = texts_.try_emplace(born.id);
    if (!fresh) return text->second;
    try {
      text->second = lineage_.text_of(born);
    } catch (const genome::base::Error& error) {
      ++unreadable_;
      why_ = error.what();
    }
    return text->second;
  }

  // What each of the first so many steps changed; nothing where that is not known.
  std::vector<std::vector<std::string>> changes_of(const std::vector<const evo::Born*>& steps,
                                                   std::size_t most) {
    std::vector<std::vector<std::string>> changes(steps.size());
    std::vector<std::pair<NamedText, NamedText>> pairs(std::min(most, steps.size()));
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::vector<std::string>& parents = steps[i]->birth.parents;
      const evo::Born* parent = parents.empty() ? nullptr : lineage_.get(parents.front());
      if (parent == nullptr || !of(*parent) || !of(*steps[i])) continue;
      pairs[i] = {{parent->id, *of(*parent)}, {steps[i]->id, *of(*steps[i])}};
    }
    replay::for_each_index(pairs.size(), [&](std::size_t i, std::size_t) {
      const auto& [before, after] = pairs[i];
      if (!before.id.empty()) changes[i] = changes_between(before, after);
    });
    return changes;
  }

  // What is missing; empty: nothing.
  std::string gap() const {
    return unreadable_ == 0 ? "" : fmt::format("{} texts cannot be read, the last as {}", unreadable_, why_);
  }

 private:
  const evo::Lineage& lineage_;
  std::map<std::string, std::optional<std::string>> texts_;
  std::size_t unreadable_ = 0;
  std::string why_;
};

// A step and what is to be told of it.
PageJson step_json(const evo::Born& born, const LineageReport& report, const std::optional<Idea>& idea) {
  PageJson step = {{"id", born.id},
                   {"short", short_id(born.id)},
                   {"generation", born.birth.generation},
                   {"operator", born.birth.operation},
                   {"parents", born.birth.parents},
                   {"score", fmt::format("{:.3f}", born.score)},
                   {"nodes", born.size},
                   {"gain", report.accuracy_gain(born)},
                   {"tokens", report.tokens_gain(born)}};
  if (born.birth.island > 0) step["island"] = born.birth.island;
  if (idea) {
    step["model"] = idea->model.empty() ? "a model" : idea->model;
    step["hypothesis"] = idea->hypothesis;
  }
  return step;
}

Table ideas_table(const std::vector<const evo::Born*>& steps, const LineageReport& report,
                  const LineageIdeas& ideas) {
  Table table({"generation", "id", "model", "gain", "hypothesis"});
  for (const evo::Born* born : steps) {
    const std::optional<Idea> idea = ideas.of(*born);
    if (!idea) continue;
    const std::string gain = report.accuracy_gain(*born);
    table.add_row({static_cast<std::int64_t>(born->birth.generation), short_id(born->id),
                   idea->model.empty() ? "a model" : idea->model, gain.empty() ? Cell{Missing{}} : Cell{gain},
                   idea->hypothesis});
  }
  return table;
}

}  // namespace

std::set<std::string> Lasting::ids() const {
  std::set<std::string> all;
  for (const Target& target : targets) {
    for (const evo::Born* born : target.line) all.insert(born->id);
  }
  return all;
}

Lasting lasting_of(const evo::Lineage& lineage, const evo::State& state) {
  Lasting lasting;
  std::set<std::string> wanted, steps;
  const auto add = [&](const char* what, const std::string& id) {
    const evo::Born* born = lineage.get(id);
    if (born == nullptr || !wanted.insert(id).second) return;
    std::vector<const evo::Born*> line = lineage.main_line(*born);
    if (steps.size() > kMostSteps) {
      ++lasting.left_out;
      return;
    }
    for (const evo::Born* each : line) steps.insert(each->id);
    lasting.targets.push_back({what, std::move(line)});
  };
  add("champion", state.best().id);
  add("best", state.recommendation().id);
  for (const evo::ArchivePoint& point : state.archive.points()) add("frontier", point.id);
  return lasting;
}

PageJson lineage_json(const evo::Lineage& lineage, const Lasting& lasting, const LineageIdeas& ideas) {
  const LineageReport report(lineage, nullptr, ideas);
  Lines lines;
  Texts texts(lineage);
  std::map<std::string, const evo::Born*> known;
  std::vector<const evo::Born*> steps;
  const auto add = [&](const evo::Born* born) {
    if (born != nullptr && known.try_emplace(born->id, born).second) steps.push_back(born);
  };
  for (const Lasting::Target& target : lasting.targets) {
    for (const evo::Born* born : target.line) add(born);
  }
  const std::vector<const evo::Born*> lasted = steps;
  for (const evo::Born* born : lasted) {
    for (const std::string& parent : born->birth.parents) add(lineage.get(parent));
  }
  PageJson data = {{"steps", PageJson::array()}, {"targets", PageJson::array()}};
  const auto changes = texts.changes_of(steps, kMostChanges);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    PageJson step = step_json(*steps[i], report, ideas.of(*steps[i]));
    if (const auto& text = texts.of(*steps[i])) step["text"] = lines.numbers_of(*text);
    step["changes"] = lines.numbers_of(fmt::format("{}", fmt::join(changes[i], "\n")));
    data["steps"].push_back(std::move(step));
  }
  for (const Lasting::Target& target : lasting.targets)
    data["targets"].push_back({{"what", target.what}, {"id", target.line.front()->id}});
  if (const std::string gap = texts.gap(); !gap.empty()) add_gap(data, "lineage", gap);
  data["lines"] = lines.lines();
  data["left_out"] = lasting.left_out;
  data["ideas"] = table_json(ideas_table(lasted, report, ideas));
  return data;
}

}  // namespace experiments
