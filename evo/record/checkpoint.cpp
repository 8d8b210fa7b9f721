#include "evo/record/checkpoint.hpp"

#include <algorithm>
#include <cereal/archives/portable_binary.hpp>
#include <cmath>
#include <fmt/format.h>
#include <span>
#include <sstream>
#include <utility>

#include "evo/base/error.hpp"
#include "evo/experiment/islands.hpp"
#include "evo/record/bounded_archive.hpp"
#include "evo/record/checkpoint_contents.hpp"
#include "evo/record/checkpoint_file.hpp"
#include "genome/base/digest.hpp"

namespace evo {

namespace {

// The text of an individual, proved to be its own.
std::string proved_text(const TextOf& text_of, const std::string& id, std::string_view what) {
  const std::optional<std::string> text = text_of(id);
  if (!text)
    throw RunError(fmt::format("{}: names the individual {}, whose text is not in the run", what, id));
  if (genome::base::git_blob_id(*text) != id)
    throw RunError(fmt::format("{}: the text of the individual {} was changed", what, id));
  return *text;
}

genome::CheckedController checked_controller(const std::string& text, const std::string& id,
                                             std::string_view what) {
  auto checked = genome::check_text(text).controller;
  if (!checked) throw RunError(fmt::format("{}: the individual {} does not check", what, id));
  return *std::move(checked);
}

Individual revived(const Record& record, const TextOf& text_of, std::string_view what) {
  const std::string text = proved_text(text_of, record.id, what);
  Individual individual = make_individual(checked_controller(text, record.id, what), record.birth);
  if (individual.id != record.id)
    throw RunError(fmt::format("{}: the text of the individual {} is not canonical", what, record.id));
  individual.curve = record.curve;
  individual.score = record.score;
  individual.fitness = record.fitness;
  return individual;
}

void evaluated(Individual& individual, const Evaluation& evaluation) {
  individual.orderings = evaluation.orderings;
  individual.sums = evaluation.sums;
  individual.level = evaluation.level;
  individual.validated = evaluation.validated;
  for (std::size_t i = 0; i < individual.curve.size() && i < evaluation.latencies.size(); ++i)
    individual.curve[i].latency_tokens = evaluation.latencies[i];
}

// An individual or a point of the frontier that was measured: its sums by environment.
void expect_measured(std::span<const Sums> sums, const std::string& id, std::string_view what) {
  const auto no_episodes = [](const Sums& each) { return each.episodes <= 0; };
  if (sums.empty() || std::ranges::any_of(sums, no_episodes))
    throw RunError(fmt::format("{}: the controller {} has no episodes", what, id));
}

void expect_measured(const Individual& individual, std::string_view what) {
  expect_measured(individual.sums, individual.id, what);
  if (individual.curve.empty() || individual.sums.size() % individual.curve.size() != 0)
    throw RunError(fmt::format("{}: the curve of {} is not that of its episodes", what, individual.id));
}

void expect_exact(const State& state, std::string_view what) {
  for (const Island& island : state.islands) {
    for (const Individual& each : island.population) expect_measured(each, what);
  }
  for (const ArchivePoint& p : state.archive.points()) expect_measured(p.sums, p.id, what);
  if (state.recommended) expect_measured(*state.recommended, what);
  for (const State& half : state.halves) expect_exact(half, what);
}

void expect_islands(const std::vector<IslandContents>& islands, std::string_view what) {
  const auto nobody = [](const IslandContents& island) { return island.population.empty(); };
  if (islands.empty() || std::ranges::any_of(islands, nobody))
    throw RunError(fmt::format("{}: holds no population", what));
  if (islands.size() > kMostIslands)
    throw RunError(
        fmt::format("{}: holds {} islands; no run has more than {}", what, islands.size(), kMostIslands));
  if (std::ranges::none_of(islands, &IslandContents::contributes))
    throw RunError(fmt::format("{}: none of its islands contributes to the run", what));
  for (const IslandContents& island : islands) {
    for (const std::int64_t number : island.born_on) {
      if (number < 0 || number > kMostIslands)
        throw RunError(fmt::format("{}: somebody of it was born on island {}", what, number));
    }
  }
}

// A run has two halves or none, and a half as many islands as the run.
void expect_halves(const Contents& contents, std::string_view what) {
  if (contents.halves.empty() && !contents.expected && contents.recommended.empty()) return;
  if (contents.halves.size() != 2)
    throw RunError(fmt::format("{}: holds {} halves where a run has two", what, contents.halves.size()));
  for (const HalfContents& half : contents.halves) {
    expect_islands(half.islands, what);
    if (half.islands.size() != contents.islands.size())
      throw RunError(fmt::format("{}: a half of it has {} islands where the run has {}", what,
                                 half.islands.size(), contents.islands.size()));
  }
  if (contents.expected) {
    const ExpectedGain& e = *contents.expected;
    if (!(e.low <= e.gain && e.gain <= e.high && e.standard_error >= 0 && std::isfinite(e.low) &&
          std::isfinite(e.high) && std::isfinite(e.standard_error) && std::isfinite(e.detectable)))
      throw RunError(fmt::format("{}: its expected gain is no interval", what));
  }
  for (const IslandContents& one : contents.recommended) {
    if (!contents.expected || contents.recommended.size() != 1 || one.population.size() != 1)
      throw RunError(fmt::format("{}: recommends more than one controller, or one without reason", what));
  }
}

IslandContents contents_of(const Island& island) {
  IslandContents contents{.rates = island.rates.records(), .contributes = island.contributes};
  for (const Individual& each : island.population) {
    contents.population.push_back({each.id, each.birth, each.curve, each.score, each.fitness});
    Evaluation evaluation{each.orderings, each.sums, {}, each.level, each.validated};
    for (const CurvePoint& p : each.curve) evaluation.latencies.push_back(p.latency_tokens);
    contents.evaluations.push_back(std::move(evaluation));
    contents.standard_errors.push_back({each.standard_error});
    contents.hypotheses.push_back(each.birth.hypothesis);
    contents.born_on.push_back(each.birth.island);
  }
  return contents;
}

Island island_from(const IslandContents& contents, const TextOf& text_of, std::string_view what) {
  Island island{
      .population = {}, .rates = OperatorRates(contents.rates), .contributes = contents.contributes};
  std::vector<Individual>& living = island.population;
  for (const Record& record : contents.population) living.push_back(revived(record, text_of, what));
  for (std::size_t i = 0; i < contents.evaluations.size() && i < living.size(); ++i)
    evaluated(living[i], contents.evaluations[i]);
  for (std::size_t i = 0; i < contents.standard_errors.size() && i < living.size(); ++i)
    living[i].standard_error = contents.standard_errors[i].points;
  for (std::size_t i = 0; i < contents.hypotheses.size() && i < living.size(); ++i)
    living[i].birth.hypothesis = contents.hypotheses[i];
  for (std::size_t i = 0; i < contents.born_on.size() && i < living.size(); ++i)
    living[i].birth.island = static_cast<int>(contents.born_on[i]);
  return island;
}

HalfContents contents_of(const State& half) {
  HalfContents contents{
      .generation = half.generation, .counters = half.counters, .islands = {}, .champion = half.champion};
  for (const Island& each : half.islands) contents.islands.push_back(contents_of(each));
  return contents;
}

State half_from(const HalfContents& contents, const TextOf& text_of, std::string_view what) {
  State half{.generation = contents.generation,
             .counters = contents.counters,
             .islands = {},
             .archive = {},
             .champion = contents.champion};
  for (const IslandContents& each : contents.islands)
    half.islands.push_back(island_from(each, text_of, what));
  return half;
}

// Figures that a choice can have.
void expect_choice(const ChoiceContents& choice, std::string_view what) {
  const ServiceFigures& f = choice.figures;
  const auto is_figure = [](double x) { return std::isfinite(x) && x >= 0; };
  const bool good = is_figure(f.accuracy) && is_figure(f.tokens) && is_figure(f.latency_tokens) &&
                    is_figure(f.latency_p95) && is_figure(choice.excess) && is_figure(choice.beta) &&
                    choice.orderings > 0 && choice.kept >= 0 && choice.kept <= choice.orderings &&
                    choice.measured > 0;
  if (!good) throw RunError(fmt::format("{}: what it chose for the limits is no choice", what));
}

void expect_charge(const Contents& contents, std::string_view what) {
  if (!is_charge(contents.charge))
    throw RunError(fmt::format("{}: charges by weights that no experiment may have", what));
  if (contents.limited.size() > 1)
    throw RunError(fmt::format("{}: chose more than one controller for the limits", what));
  for (const ChoiceContents& each : contents.limited) expect_choice(each, what);
}

std::vector<ChoiceContents> contents_of(const std::optional<LimitsChoice>& choice) {
  if (!choice) return {};
  return {{.id = choice->id,
           .beta = choice->result.beta,
           .figures = choice->result.figures,
           .excess = choice->result.excess,
           .orderings = choice->result.orderings,
           .kept = choice->result.kept,
           .measured = choice->measured,
           .looked_at = {choice->looked_at.begin(), choice->looked_at.end()}}};
}

LimitsChoice choice_from(const ChoiceContents& contents, const TextOf& text_of, std::string_view what) {
  std::string text = proved_text(text_of, contents.id, what);
  genome::CheckedController controller = checked_controller(text, contents.id, what);
  return {.id = contents.id,
          .text = std::move(text),
          .controller = std::move(controller),
          .result = {.beta = contents.beta,
                     .figures = contents.figures,
                     .excess = contents.excess,
                     .orderings = contents.orderings,
                     .kept = contents.kept},
          .measured = contents.measured,
          .looked_at = {contents.looked_at.begin(), contents.looked_at.end()}};
}

std::uint32_t version_for(const State& state) {
  if (state.limited || !state.charge.is_tokens()) return kChargeSince;
  if (!state.halves.empty()) return kHalvesSince;
  if (state.islands.size() > 1) return kIslandsSince;
  return state.exact ? kExactSince : kExactSince - 1;
}

}  // namespace

std::string save_checkpoint(const State& state) {
  Contents contents{.generation = state.generation,
                    .counters = state.counters,
                    .islands = {},
                    .archive_points = state.archive.points(),
                    .environments = state.environments,
                    .experiment = state.experiment,
                    .champion = state.champion,
                    .memory = state.memory};
  for (const Island& each : state.islands) contents.islands.push_back(contents_of(each));
  for (const ArchivePoint& p : state.archive.points()) contents.archive_sums.push_back(p.sums);
  for (const State& each : state.halves) contents.halves.push_back(contents_of(each));
  contents.expected = state.expected;
  if (state.recommended)
    contents.recommended.push_back(contents_of(Island{.population = {*state.recommended}, .rates = {}}));
  contents.charge = state.charge;
  contents.limited = contents_of(state.limited);
  std::ostringstream bytes;
  cereal::PortableBinaryOutputArchive archive(bytes,
                                              cereal::PortableBinaryOutputArchive::Options::LittleEndian());
  contents.serialize(archive, version_for(state));
  return frame(std::move(bytes).str(), version_for(state));
}

bool is_exact(std::string_view bytes) { return framed_version(bytes) >= kExactSince; }

State load_checkpoint(std::string_view bytes, const TextOf& text_of, std::string_view what) {
  Contents contents;
  try {
    const std::string payload = unframe(bytes, kCheckpointVersion, what);
    BoundedInput archive(payload);
    contents.serialize(archive, framed_version(bytes));
  } catch (const RunError&) {
    throw;
  } catch (const std::exception& error) {
    throw RunError(fmt::format("{}: cannot be read: {}", what, error.what()));
  }
  expect_islands(contents.islands, what);
  expect_halves(contents, what);
  expect_charge(contents, what);
  State state{.generation = contents.generation,
              .counters = contents.counters,
              .islands = {},
              .archive = {},
              .champion = contents.champion,
              .memory = contents.memory,
              .environments = contents.environments,
              .experiment = contents.experiment};
  for (const IslandContents& each : contents.islands)
    state.islands.push_back(island_from(each, text_of, what));
  for (const HalfContents& each : contents.halves) state.halves.push_back(half_from(each, text_of, what));
  state.expected = contents.expected;
  for (const IslandContents& each : contents.recommended)
    state.recommended = island_from(each, text_of, what).population.front();
  state.charge = contents.charge;
  for (const ChoiceContents& each : contents.limited) state.limited = choice_from(each, text_of, what);
  std::map<std::string, std::string> texts;
  for (std::size_t i = 0; i < contents.archive_sums.size() && i < contents.archive_points.size(); ++i)
    contents.archive_points[i].sums = contents.archive_sums[i];
  for (const ArchivePoint& p : contents.archive_points) {
    if (!texts.contains(p.id)) texts.emplace(p.id, proved_text(text_of, p.id, what));
  }
  state.archive = Archive(contents.archive_points, std::move(texts));
  state.exact = is_exact(bytes);
  if (state.exact) expect_exact(state, what);
  return state;
}

}  // namespace evo
