#include "experiments/pages/run_data.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "evo/base/layout.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/lineage.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "experiments/pages/lineage_data.hpp"
#include "experiments/reports/lineage_ideas.hpp"
#include "experiments/reports/spending_report.hpp"
#include "experiments/session/expectation_text.hpp"
#include "experiments/tables/history.hpp"
#include "experiments/tables/operator_table.hpp"
#include "experiments/tables/status_lines.hpp"
#include "experiments/tables/status_tables.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using genome::base::short_id;

// [matter, what is said of it] for each line of `evotts status`; sentences have no matter.
PageJson facts_of(const std::string& lines) {
  PageJson facts = PageJson::array();
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    const std::string line = lines.substr(at, end - at);
    at = end == std::string::npos ? lines.size() : end + 1;
    const bool in_columns = line.size() > kStatusColumn && line[kStatusColumn - 1] == ' ';
    const std::string matter =
        in_columns ? std::string(genome::base::trimmed(line.substr(0, kStatusColumn))) : "";
    facts.push_back({matter, in_columns ? line.substr(kStatusColumn) : line});
  }
  return facts;
}

// What happened between generations, or beside them: where a chart of them has a mark.
PageJson marks_of(const std::vector<HistoryEntry>& entries, const std::vector<evo::Unsealing>& looks) {
  PageJson marks = PageJson::array();
  double generation = 0;
  for (const HistoryEntry& entry : entries) {
    if (entry.generation) {
      generation = *entry.generation;
      continue;
    }
    marks.push_back({{"generation", generation},
                     {"kind", entry.is_fork() ? "fork" : "other"},
                     {"text", entry.headline()}});
  }
  for (const evo::Unsealing& look : looks) {
    marks.push_back({{"generation", look.generation},
                     {"kind", "look"},
                     {"text", fmt::format("held-out environments opened, look {}", look.number)}});
  }
  return marks;
}

// The fittest of each island over the generations.
Table islands_over_time(const std::vector<HistoryEntry>& entries) {
  Table table({"generation", "island", "best", "best_id", "population", "scored"});
  for (const HistoryEntry& entry : entries) {
    for (const evo::IslandFigures& island : evo::islands_in(entry.commit)) {
      table.add_row({number_cell(entry.generation, 0), static_cast<std::int64_t>(island.island),
                     Decimal{island.best_score, 3}, short_id(island.best_id),
                     static_cast<std::int64_t>(island.living), static_cast<std::int64_t>(island.scored)});
    }
  }
  return table;
}

PageJson progress_of(const RunAt& at) {
  const auto [entries, missing] = readable_history_of(at);
  PageJson progress = {{"table", table_json(history_table(entries))},
                       {"islands", table_json(islands_over_time(entries))}};
  if (!missing.empty()) add_gap(progress, "progress", missing);
  std::vector<evo::Unsealing> looks;
  add_part(progress, "looks", [&] {
    looks = evo::unsealings_of(at.repository);
    return looks.size();
  });
  progress["marks"] = marks_of(entries, looks);
  return progress;
}

Table looks_of(const RunAt& at) {
  Table table({"look", "generation", "controller", "environment", "beta", "accuracy", "accuracy_low",
               "accuracy_high", "tokens"});
  for (const evo::Unsealing& look : evo::unsealings_of(at.repository)) {
    for (const evo::HeldOutFigure& figure : look.figures) {
      table.add_row({static_cast<std::int64_t>(look.number), static_cast<std::int64_t>(look.generation),
                     figure.controller, figure.environment, Shortest{figure.beta}, Decimal{figure.accuracy},
                     Decimal{figure.low}, Decimal{figure.high}, Decimal{figure.tokens}});
    }
  }
  return table;
}

void add_curve(Table& table, const std::string& label, const char* kind,
               const std::vector<evo::CurvePoint>& curve, const evo::Charge& charge) {
  for (const evo::CurvePoint& p : curve) {
    std::vector<Cell> row = {label, kind, Shortest{p.beta}, Decimal{p.accuracy}, Decimal{p.tokens}};
    if (!charge.is_tokens()) row.emplace_back(Decimal{p.latency_tokens});
    table.add_row(std::move(row));
  }
}

// What the run recommends, what steered it, and the known controllers that were among its founders.
Table curves_of(const evo::State& state, const std::vector<evo::Born>& births) {
  constexpr std::string_view kLibrary = "library:";
  std::vector<std::string> columns = {"controller", "kind", "beta", "accuracy", "tokens"};
  if (!state.charge.is_tokens()) columns.emplace_back("latency_tokens");
  Table table(columns);
  add_curve(table, "best", "best", state.recommendation().curve, state.charge);
  if (state.recommended) add_curve(table, "champion", "champion", state.best().curve, state.charge);
  std::map<std::string, const evo::Born*> known;
  for (const evo::Born& born : births) {
    if (born.birth.operation.starts_with(kLibrary))
      known.try_emplace(born.birth.operation.substr(kLibrary.size()), &born);
  }
  for (const auto& [name, born] : known) add_curve(table, name, "known", born->curve, state.charge);
  return table;
}

PageJson expected_of(const evo::State& state) {
  if (!state.expected) return nullptr;
  const evo::ExpectedGain& e = *state.expected;
  Table table({"against", "gain", "low", "high", "standard_error", "detectable", "questions"});
  table.add_row({e.against, Decimal{e.gain}, Decimal{e.low}, Decimal{e.high}, Decimal{e.standard_error},
                 Decimal{e.detectable}, static_cast<std::int64_t>(e.questions)});
  return {{"text", expected_line(state) + verdict_line(state)}, {"table", table_json(table)}};
}

PageJson models_of(const evo::State& state, const evo::Experiment& experiment) {
  if (state.memory.empty()) return nullptr;
  return {{"table", table_json(spending_table(experiment, state.memory))},
          {"without_child", table_json(reasons_table(state.memory))}};
}

PageJson controller_json(const char* what, const std::string& id, const std::string& text,
                         const Table& curve) {
  return {{"what", what}, {"id", id}, {"short", short_id(id)}, {"text", text}, {"curve", table_json(curve)}};
}

PageJson controllers_of(const evo::State& state) {
  PageJson all = PageJson::array();
  const auto add = [&](const char* what, const evo::Individual& each) {
    all.push_back(controller_json(what, each.id, each.text, curve_table(each, state.charge)));
  };
  add("best", state.recommendation());
  if (state.recommended) add("champion", state.best());
  if (state.limited)
    all.push_back(
        controller_json("limits", state.limited->id, state.limited->text, limits_table(*state.limited)));
  return all;
}

// What needs the state, which is in the checkpoint.
void add_state(PageJson& run, const RunAt& at, const evo::Lineage* lineage,
               const std::vector<evo::Born>& births) {
  std::optional<evo::State> state;
  std::optional<evo::Experiment> experiment;
  add_part(run, "state", [&] {
    state = evo::state_in(at.repository, at.revision);
    experiment = experiment_in(at);
    return state->generation;
  });
  if (!state || !experiment) return;
  run["experiment"] = genome::base::visible(experiment->name);
  run["seed"] = experiment->seed;
  add_part(run, "facts", [&] { return facts_of(status_lines(at, *state, *experiment)); });
  run["score"] = fmt::format("{:.3f}", state->best().score);
  run["controllers"] = controllers_of(*state);
  run["charge"] = {{"unit", evo::unit_of(state->charge)},
                   {"tokens", state->charge.tokens},
                   {"latency_tokens", state->charge.latency_tokens}};
  run["frontier"] = table_json(frontier_table(*state, genome::base::kShortIdDigits));
  run["curves"] = table_json(curves_of(*state, births));
  run["budgets"] = {experiment->budget_low, experiment->budget_high};
  run["expected"] = expected_of(*state);
  run["islands"] = state->islands.size() > 1 ? table_json(island_table(*state)) : PageJson();
  add_part(run, "models", [&] { return models_of(*state, *experiment); });
  if (lineage == nullptr) return;
  add_part(run, "lineage", [&] {
    const LineageIdeas ideas(at);
    const Lasting lasting = lasting_of(*lineage, *state);
    run["operators"] = table_json(operator_table(births, lasting.ids()));
    return lineage_json(*lineage, lasting, ideas);
  });
  lift_problems(run, "lineage");
}

// The first of what is missing, and how many more there are.
std::string gap_text(const std::vector<std::string>& damaged) {
  return damaged.size() == 1 ? damaged.front()
                             : fmt::format("{}; and {} more like this", damaged.front(), damaged.size() - 1);
}

}  // namespace

PageJson run_data(const RunAt& at, const std::string& name) {
  PageJson run = {{"name", genome::base::visible(name)},
                  {"commit", at.repository.commit_id(at.revision)},
                  {"problems", PageJson::array()}};
  add_part(run, "toml", [&] {
    return genome::base::block(at.repository.read(evo::kExperimentFile, at.revision).value_or(""));
  });
  add_part(run, "progress", [&] { return progress_of(at); });
  lift_problems(run, "progress");
  add_part(run, "looks", [&] { return table_json(looks_of(at)); });
  std::optional<evo::Lineage> lineage;
  std::vector<evo::Born> births;
  std::vector<std::string> damaged;
  add_part(run, "births", [&] {
    births = evo::births_up_to(at.repository, at.revision, &damaged);
    return lineage.emplace(at.repository, at.revision, births).size();
  });
  if (!damaged.empty()) add_gap(run, "lineage", gap_text(damaged));
  add_state(run, at, lineage ? &*lineage : nullptr, births);
  return run;
}

}  // namespace experiments
