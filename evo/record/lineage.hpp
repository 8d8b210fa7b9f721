// lineage.hpp: who came from whom, read out of a run.
// Why:      months later the question is where a controller came from: by which steps, and what each gained.
// Use:      const Lineage lineage(repository, revision);
//           for (const Born* step : lineage.main_line(lineage.find("3ebd6d"))) ...
// Promises: knows everyone ever born in the run up to the revision, whether or not still living. Damaged
//           records are a RunError that names file and line. Texts are looked up when asked for, in the
//           commit of the generation of birth.
// Threads:  one thread at a time; the repository must outlive it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evo/git/run_repository.hpp"
#include "evo/population/individual.hpp"
#include "evo/record/generations.hpp"

namespace evo {

// One line of lineage/: an individual as it was recorded at its birth.
struct Born {
  std::string id;
  Birth birth;
  std::size_t size = 0;  // nodes
  double score = 0;
  double fitness = 0;
  std::vector<CurvePoint> curve;

  // Mean over the settings of the knob.
  double tokens() const;
};

// The births that a file of lineage/ records, in its order. `what` names it in the message of a RunError.
std::vector<Born> births_in(std::string_view text, std::string_view what);

// Everyone ever born up to the revision, in the order of the records. A file that cannot be read is a
// RunError or StorageError; where `damaged` is given, it is told there, and the others are read all the same.
std::vector<Born> births_up_to(const RunRepository& repository, std::string_view revision,
                               std::vector<std::string>* damaged = nullptr);

class Lineage {
 public:
  Lineage(const RunRepository& repository, std::string revision)
      : Lineage(repository, revision, births_up_to(repository, revision)) {}
  // Of births that were read before. If an individual died and was made again, its first birth counts.
  Lineage(const RunRepository& repository, std::string revision, std::vector<Born> births);

  // By the whole identity or, while that is unambiguous, its beginning (at least 4 digits); RunError
  // otherwise.
  const Born& find(std::string_view id) const;
  const Born* get(const std::string& id) const;  // null when nobody of this identity was born here
  std::size_t size() const { return born_.size(); }

  // From an individual back to a founder along first parents, the individual first.
  std::vector<const Born*> main_line(const Born& from) const;
  // It and everyone it descends from, in the order of birth.
  std::vector<const Born*> ancestry(const Born& of) const;

  // The canonical text, when its individual survived its birth; those who did not were never parents.
  std::optional<std::string> text_of(const Born& born) const;

 private:
  const RunRepository* repository_;
  std::string revision_;
  std::map<std::string, Born> born_;  // by id
  mutable GenerationIndex generations_;
};

}  // namespace evo
