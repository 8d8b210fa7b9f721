#include "evo/record/run_files.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "evo/base/error.hpp"
#include "evo/base/program_version.hpp"
#include "evo/objective/objective.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/record/controller_texts.hpp"
#include "genome/base/c_library.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"
#include "replay/parallel/interruption.hpp"

namespace evo {
namespace {

using Json = nlohmann::ordered_json;

// Latency stands there where it is charged.
Json curve_json(const Individual& individual, const Charge& charge) {
  Json curve = Json::array();
  for (const CurvePoint& p : individual.curve) {
    curve.push_back({{"beta", p.beta}, {"accuracy", p.accuracy}, {"tokens", p.tokens}});
    if (charge.is_tokens()) continue;
    curve.back()["latency_tokens"] = p.latency_tokens;
    curve.back()["charge"] = charge.of(p);
  }
  return curve;
}

Json best_json(const Individual& best, const Charge& charge) {
  return {{"id", best.id},     {"score", best.score},           {"fitness", best.fitness},
          {"size", best.size}, {"born", best.birth.generation}, {"curve", curve_json(best, charge)}};
}

Json limits_json(const LimitsChoice& choice) {
  const ServiceResult& result = choice.result;
  const ServiceFigures& f = result.figures;
  return {{"keeps", result.keeps()},
          {"id", choice.id},
          {"beta", result.beta},
          {"accuracy", f.accuracy},
          {"tokens", f.tokens},
          {"latency_tokens", f.latency_tokens},
          {"latency_p95", f.latency_p95},
          {"excess", result.excess},
          {"orderings", result.orderings},
          {"kept_in", result.kept},
          {"share_of_orderings", static_cast<double>(result.kept) / result.orderings},
          {"measured", choice.measured}};
}

Json expected_json(const State& state) {
  const ExpectedGain& expected = *state.expected;
  return {{"gain", expected.gain},
          {"gain_low", expected.low},
          {"gain_high", expected.high},
          {"against", expected.against},
          {"standard_error", expected.standard_error},
          {"detectable_gain", expected.detectable},
          {"questions", expected.questions},
          {"recommends", state.recommended ? "known" : "champion"}};
}

GenerationFigures figures_of(const Step& step, const Experiment& experiment) {
  std::vector<std::size_t> born_on(step.state.islands.size());
  for (const Individual& each : step.born)
    ++born_on[static_cast<std::size_t>(std::max(each.birth.island, 1)) - 1];
  return {.born = step.born.size(),
          .frontier_new = step.frontier_gain,
          .hypervolume = step.state.archive.hypervolume(budgets_of(experiment)),
          .born_on = std::move(born_on)};
}

// Where there are several: what they hold and made.
Json islands_json(const State& state, const GenerationFigures& made) {
  Json islands = Json::array();
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    const std::vector<Individual>& living = state.islands[i].population;
    const Individual& fittest = living.front();
    islands.push_back(
        {{"island", island_number(state, i)},
         {"born", made.born_on[i]},
         {"population", living.size()},
         {"best", {{"id", fittest.id}, {"score", fittest.score}, {"fitness", fittest.fitness}}}});
  }
  return islands;
}

std::string lineage_jsonl(const Step& step) {
  std::string lines;
  for (const Individual& each : step.born) {
    Json json = {{"id", each.id},
                 {"number", each.birth.number},
                 {"generation", each.birth.generation},
                 {"parents", each.birth.parents},
                 {"operator", each.birth.operation}};
    if (!each.birth.exchange.empty()) json["exchange"] = each.birth.exchange;
    if (!each.birth.hypothesis.empty()) json["hypothesis"] = each.birth.hypothesis;
    if (each.birth.island > 0) json["island"] = each.birth.island;
    json["size"] = each.size;
    json["score"] = each.score;
    json["fitness"] = each.fitness;
    json["orderings"] = each.orderings;
    json["curve"] = curve_json(each, step.state.charge);
    lines += json.dump() + "\n";
  }
  return lines;
}

std::map<std::string, std::string> population_files(const State& state) {
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    for (const Individual& each : state.islands[i].population)
      files.emplace(population_path(each.id, island_number(state, i)), each.text);
  }
  return files;
}

std::map<std::string, std::string> half_files(const State& state) {
  std::map<std::string, std::string> files;
  for (std::size_t half = 0; half < state.halves.size(); ++half) {
    for (const Island& island : state.halves[half].islands) {
      for (const Individual& each : island.population) files.emplace(half_path(each.id, half), each.text);
    }
  }
  return files;
}

std::map<std::string, std::string> archive_files(const State& state) {
  std::map<std::string, std::string> files;
  for (const auto& [id, text] : state.archive.texts()) files.emplace(archive_path(id), text);
  return files;
}

// What must change so that `then` becomes `now`.
void replace_files(RunRepository::Changes& changes, const std::map<std::string, std::string>& then,
                   const std::map<std::string, std::string>& now) {
  for (const auto& [path, text] : now) {
    if (!then.contains(path)) changes.put.emplace(path, text);
  }
  for (const auto& [path, text] : then) {
    if (!now.contains(path)) changes.remove.insert(path);
  }
}

}  // namespace

std::string summary_json(const State& state, const GenerationFigures& made) {
  const Individual& best = state.recommendation();
  Json environments = Json::array();
  for (const EnvironmentMark& mark : state.environments)
    environments.push_back({{"name", mark.name}, {"digest", mark.digest}});
  Json json = {
      {"generation", state.generation},
      {"born", made.born},
      {"counters",
       {{"births", state.counters.births},
        {"evaluations", state.counters.evaluations},
        {"episodes", state.counters.episodes}}},
      {"population", state.living()},
      {"frontier",
       {{"points", state.archive.points().size()},
        {"new", made.frontier_new},
        {"hypervolume", made.hypervolume}}},
      {"best", best_json(best, state.charge)},
      {"environments", environments},
  };
  if (state.islands.size() > 1) {
    if (best.birth.island > 0) json["best"]["island"] = best.birth.island;
    json["islands"] = islands_json(state, made);
  }
  if (state.expected) {
    json["champion"] = best_json(state.best(), state.charge);
    json["expected"] = expected_json(state);
  }
  if (!state.charge.is_tokens())
    json["charge"] = {{"tokens", state.charge.tokens}, {"latency_tokens", state.charge.latency_tokens}};
  if (state.limited) json["limits"] = limits_json(*state.limited);
  return json.dump(2) + "\n";
}

std::string frontier_csv(const Archive& archive, const Charge& charge) {
  std::string csv = "id,beta,accuracy,tokens";
  csv += charge.is_tokens() ? "\n" : ",latency_tokens,charge\n";
  for (const ArchivePoint& p : archive.points()) {
    csv += fmt::format("{},{},{:.4f},{:.2f}", p.id, p.beta, p.accuracy, p.tokens);
    if (!charge.is_tokens()) {
      const CurvePoint point = curve_point_of(p);
      csv += fmt::format(",{:.2f},{:.8g}", point.latency_tokens, charge.of(point));
    }
    csv += "\n";
  }
  return csv;
}

TrailerValues generation_trailers(const State& state, const GenerationFigures& made) {
  const Individual& best = state.best();
  const auto score = [](double value) { return fmt::format("{:.6f}", value); };
  const auto number = [](auto value) { return fmt::format("{}", value); };
  TrailerValues trailers = {{Trailer::kGeneration, number(state.generation)},
                            {Trailer::kBestId, best.id},
                            {Trailer::kBestScore, score(best.score)},
                            {Trailer::kBestFitness, score(best.fitness)},
                            {Trailer::kHypervolume, score(made.hypervolume)},
                            {Trailer::kFrontierNew, number(made.frontier_new)},
                            {Trailer::kScored, number(made.born)},
                            {Trailer::kEvaluations, number(state.counters.evaluations)},
                            {Trailer::kEpisodes, number(state.counters.episodes)}};
  if (state.islands.size() == 1) return trailers;
  if (best.birth.island > 0) trailers.emplace_back(Trailer::kBestIsland, number(best.birth.island));
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    const Individual& fittest = state.islands[i].population.front();
    trailers.emplace_back(Trailer::kIsland, shown_island({.island = island_number(state, i),
                                                          .best_id = fittest.id,
                                                          .best_score = fittest.score,
                                                          .living = state.islands[i].population.size(),
                                                          .scored = made.born_on[i]}));
  }
  return trailers;
}

RunRepository::Changes files_after(const Step& step, const State* before, const Experiment& experiment) {
  const State none;
  const State& then = before == nullptr ? none : *before;
  RunRepository::Changes changes;
  replace_files(changes, population_files(then), population_files(step.state));
  replace_files(changes, half_files(then), half_files(step.state));
  replace_files(changes, archive_files(then), archive_files(step.state));
  if (step.state.limited)
    changes.put[kLimitsFile] = step.state.limited->text;
  else if (then.limited)
    changes.remove.insert(kLimitsFile);
  changes.put[kGenerationFile] = summary_json(step.state, figures_of(step, experiment));
  changes.put[kFrontierFile] = frontier_csv(step.state.archive, step.state.charge);
  changes.put[kBestFile] = step.state.recommendation().text;
  changes.put[kCheckpointFile] = save_checkpoint(step.state);
  changes.put[lineage_path(step.state.generation)] = lineage_jsonl(step);
  for (const Exchange& exchange : step.exchanges) changes.put[journal_path(exchange.digest)] = exchange.json;
  return changes;
}

std::string commit_message(const Step& step, const State* before, const Experiment& experiment) {
  const State& state = step.state;
  const Individual& best = state.best();
  const double gain = before == nullptr ? 0 : best.score - before->best().score;
  std::string message = fmt::format("generation {}: best {:.3f}", state.generation, best.score);
  if (before != nullptr && best.id != before->best().id) message += fmt::format(" ({:+.3f})", gain);
  message += fmt::format(", frontier {} points ({} new), {} scored\n\n", state.archive.points().size(),
                         step.frontier_gain, step.born.size());
  TrailerValues trailers = generation_trailers(state, figures_of(step, experiment));
  trailers.emplace_back(Trailer::kProgramVersion, program_trailer());  // a resumed run may have had several
  trailers.emplace_back(Trailer::kCLibrary, genome::base::c_library());
  return message + trailer_lines(trailers);
}

State state_in(const RunRepository& repository, std::string_view revision) {
  const std::string what =
      fmt::format("{} {}", genome::base::visible(repository.path().string()), kCheckpointFile);
  const auto bytes = repository.read(kCheckpointFile, revision);
  if (!bytes) throw RunError(fmt::format("{}: is not there", what));
  const ControllerTexts texts(repository, revision);
  const auto text_of = [&](const std::string& id) {
    replay::take_breath();
    auto text = texts.find(id);
    if (text) return text;
    // A known controller need not live, nor who was chosen for limits.
    for (const char* file : {kBestFile, kLimitsFile}) {
      auto chosen = repository.read(file, revision);
      if (chosen && genome::base::git_blob_id(*chosen) == id) return chosen;
    }
    return std::optional<std::string>();
  };
  return load_checkpoint(*bytes, text_of, what);
}

}  // namespace evo
