// checkpoint_contents.hpp: what the payload of a checkpoint holds, version by version.
// Why:      checkpoint.cpp turns it into a state; in which order its parts stand in the bytes is here.
// Use:      Contents contents;
//           contents.serialize(archive, framed_version(bytes));
// Promises: every version that was ever written is read; a part that it has not stays as it was made.
// Threads:  values.
// Tests:    tests/evo/record/checkpoint_test.cpp
#pragma once

#include <cereal/types/map.hpp>
#include <cereal/types/optional.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/vector.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "evo/population/state.hpp"

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

inline constexpr std::uint32_t kExactSince = 4;
inline constexpr std::uint32_t kIslandsSince = 5;
inline constexpr std::uint32_t kHalvesSince = 6;
inline constexpr std::uint32_t kChargeSince = 7;

// An island. Versions before 5 have one, whose parts are between those of the run.
struct IslandContents {
  std::vector<Record> population;
  // from version 2 on
  std::vector<Evaluation> evaluations;  // of the population
  std::map<std::string, OperatorRates::Record> rates;
  // from version 3 on
  std::vector<StandardError> standard_errors;  // of the population
  std::vector<std::string> hypotheses;         // of the population
  // from version 5 on
  std::vector<std::int64_t> born_on;  // of the population
  bool contributes = true;

  template <typename A>
  void serialize(A& archive) {
    archive(population, evaluations, rates, standard_errors, hypotheses, born_on, contributes);
  }
};

// A search on half of the questions.
struct HalfContents {
  std::int32_t generation = 0;
  Counters counters;
  std::vector<IslandContents> islands;
  std::string champion;

  template <typename A>
  void serialize(A& archive) {
    archive(generation, counters, islands, champion);
  }
};

template <typename A>
void serialize(A& archive, ExpectedGain& e) {
  archive(e.gain, e.low, e.high, e.standard_error, e.detectable, e.against, e.questions);
}

template <typename A>
void serialize(A& archive, Charge& c) {
  archive(c.tokens, c.latency_tokens);
}

template <typename A>
void serialize(A& archive, ServiceFigures& f) {
  archive(f.accuracy, f.tokens, f.latency_tokens, f.latency_p95);
}

// What was chosen for a service level.
struct ChoiceContents {
  std::string id;
  double beta = 0;
  ServiceFigures figures;
  double excess = 0;
  std::int32_t orderings = 0, kept = 0;
  std::int64_t measured = 0;
  std::vector<std::string> looked_at;  // rising

  template <typename A>
  void serialize(A& archive) {
    archive(id, beta, figures, excess, orderings, kept, measured, looked_at);
  }
};

struct Contents {
  std::int32_t generation = 0;
  Counters counters;
  std::vector<IslandContents> islands;
  std::vector<ArchivePoint> archive_points;
  std::vector<EnvironmentMark> environments;
  std::string experiment;
  // from version 2 on
  std::string champion;
  // from version 3 on
  std::string memory;
  // from version 4 on
  std::vector<std::vector<Sums>> archive_sums;  // of the archive's points
  // from version 6 on
  std::vector<HalfContents> halves;
  std::optional<ExpectedGain> expected;
  std::vector<IslandContents> recommended;  // none, or one with a single individual
  // from version 7 on
  Charge charge;
  std::vector<ChoiceContents> limited;  // none, or one

  template <typename A>
  void serialize(A& archive, std::uint32_t version) {
    archive(generation, counters);
    if (version >= kIslandsSince) {
      archive(islands, archive_points, environments, experiment, champion, memory, archive_sums);
      if (version >= kHalvesSince) archive(halves, expected, recommended);
      if (version >= kChargeSince) archive(charge, limited);
      return;
    }
    islands.resize(1);
    IslandContents& only = islands.front();
    archive(only.population, archive_points, environments, experiment);
    if (version >= 2) archive(only.evaluations, champion, only.rates);
    if (version >= 3) archive(only.standard_errors, memory, only.hypotheses);
    if (version >= kExactSince) archive(archive_sums);
  }
};

}  // namespace evo
