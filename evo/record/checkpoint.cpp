#include "evo/record/checkpoint.hpp"

#include <algorithm>
#include <cereal/archives/portable_binary.hpp>
#include <cereal/types/map.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <fmt/format.h>
#include <span>
#include <sstream>

#include "evo/base/error.hpp"
#include "evo/record/bounded_archive.hpp"
#include "evo/record/checkpoint_file.hpp"
#include "genome/base/digest.hpp"

namespace evo {

// Version 1 knew no latency: it is kept apart, in Record.
template <typename A>
void serialize(A& archive, CurvePoint& p) {
  archive(p.beta, p.accuracy, p.tokens);
}

template <typename A>
void serialize(A& archive, ArchivePoint& p) {
  archive(p.id, p.beta, p.accuracy, p.tokens);
}

template <typename A>
void serialize(A& archive, EnvironmentMark& m) {
  archive(m.name, m.digest);
}

template <typename A>
void serialize(A& archive, Birth& b) {
  archive(b.number, b.generation, b.parents, b.operation, b.exchange);
}

template <typename A>
void serialize(A& archive, Counters& c) {
  archive(c.births, c.evaluations, c.episodes);
}

template <typename A>
void serialize(A& archive, Sums& s) {
  archive(s.right, s.tokens, s.latency_tokens, s.episodes);
}

template <typename A>
void serialize(A& archive, OperatorRates::Record& r) {
  archive(r.tries, r.gains);
}

namespace {

// An individual without what its text says.
struct Record {
  std::string id;
  Birth birth;
  std::vector<CurvePoint> curve;
  double score = 0, fitness = 0;

  template <typename A>
  void serialize(A& archive) {
    archive(id, birth, curve, score, fitness);
  }
};

// What version 2 adds to a record.
struct Evaluation {
  std::int32_t orderings = 0;
  std::vector<Sums> sums;
  std::vector<double> latencies;  // of the curve
  std::vector<double> level;
  std::optional<double> validated;

  template <typename A>
  void serialize(A& archive) {
    archive(orderings, sums, latencies, level, validated);
  }
};

// What version 3 adds to it.
struct StandardError {
  double points = 0;

  template <typename A>
  void serialize(A& archive) {
    archive(points);
  }
};

constexpr std::uint32_t kExactSince = 4;

struct Contents {
  std::int32_t generation = 0;
  Counters counters;
  std::vector<Record> population;
  std::vector<ArchivePoint> archive_points;
  std::vector<EnvironmentMark> environments;
  std::string experiment;
  // from version 2 on
  std::vector<Evaluation> evaluations;  // of the population
  std::string champion;
  std::map<std::string, OperatorRates::Record> rates;
  // from version 3 on
  std::vector<StandardError> standard_errors;  // of the population
  std::string memory;
  std::vector<std::string> hypotheses;  // of the population
  // from version 4 on
  std::vector<std::vector<Sums>> archive_sums;  // of the archive's points

  template <typename A>
  void serialize(A& archive, std::uint32_t version) {
    archive(generation, counters, population, archive_points, environments, experiment);
    if (version >= 2) archive(evaluations, champion, rates);
    if (version >= 3) archive(standard_errors, memory, hypotheses);
    if (version >= kExactSince) archive(archive_sums);
  }
};

// The text of an individual, proved to be its own.
std::string proved_text(const TextOf& text_of, const std::string& id, std::string_view what) {
  const std::optional<std::string> text = text_of(id);
  if (!text)
    throw RunError(fmt::format("{}: names the individual {}, whose text is not in the run", what, id));
  if (genome::base::git_blob_id(*text) != id)
    throw RunError(fmt::format("{}: the text of the individual {} was changed", what, id));
  return *text;
}

Individual revived(const Record& record, const TextOf& text_of, std::string_view what) {
  const std::string text = proved_text(text_of, record.id, what);
  const auto checked = genome::check_text(text).controller;
  if (!checked) throw RunError(fmt::format("{}: the individual {} does not check", what, record.id));
  Individual individual = make_individual(*checked, record.birth);
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

void expect_exact(const State& state, std::string_view what) {
  for (const Individual& each : state.population) {
    expect_measured(each.sums, each.id, what);
    if (each.curve.empty() || each.sums.size() % each.curve.size() != 0)
      throw RunError(fmt::format("{}: the curve of {} is not that of its episodes", what, each.id));
  }
  for (const ArchivePoint& p : state.archive.points()) expect_measured(p.sums, p.id, what);
}

}  // namespace

std::string save_checkpoint(const State& state) {
  Contents contents{.generation = state.generation,
                    .counters = state.counters,
                    .archive_points = state.archive.points(),
                    .environments = state.environments,
                    .experiment = state.experiment,
                    .champion = state.champion,
                    .rates = state.rates.records(),
                    .memory = state.memory};
  for (const Individual& each : state.population) {
    contents.population.push_back({each.id, each.birth, each.curve, each.score, each.fitness});
    Evaluation evaluation{each.orderings, each.sums, {}, each.level, each.validated};
    for (const CurvePoint& p : each.curve) evaluation.latencies.push_back(p.latency_tokens);
    contents.evaluations.push_back(std::move(evaluation));
    contents.standard_errors.push_back({each.standard_error});
    contents.hypotheses.push_back(each.birth.hypothesis);
  }
  for (const ArchivePoint& p : state.archive.points()) contents.archive_sums.push_back(p.sums);
  const std::uint32_t version = state.exact ? kCheckpointVersion : kExactSince - 1;
  std::ostringstream bytes;
  cereal::PortableBinaryOutputArchive archive(bytes,
                                              cereal::PortableBinaryOutputArchive::Options::LittleEndian());
  contents.serialize(archive, version);
  return frame(std::move(bytes).str(), version);
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
  if (contents.population.empty()) throw RunError(fmt::format("{}: holds no population", what));
  State state{.generation = contents.generation,
              .counters = contents.counters,
              .environments = contents.environments,
              .experiment = contents.experiment};
  state.champion = contents.champion;
  state.rates = OperatorRates(contents.rates);
  for (const Record& record : contents.population) state.population.push_back(revived(record, text_of, what));
  for (std::size_t i = 0; i < contents.evaluations.size() && i < state.population.size(); ++i)
    evaluated(state.population[i], contents.evaluations[i]);
  for (std::size_t i = 0; i < contents.standard_errors.size() && i < state.population.size(); ++i)
    state.population[i].standard_error = contents.standard_errors[i].points;
  for (std::size_t i = 0; i < contents.hypotheses.size() && i < state.population.size(); ++i)
    state.population[i].birth.hypothesis = contents.hypotheses[i];
  state.memory = contents.memory;
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
