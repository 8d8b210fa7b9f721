// search.hpp: the evolution of controllers, a generation at a time.
// Why:      a program that evolves controllers for its own recordings wants the loop in its own hands.
// Use:      auto search = evotts::Search::start("demo.toml", "runs/mine", {.settings = {"seed=7"}});
//           while (search.generation() < search.generations()) search.step();
//           std::cout << search.best().controller.text();
// Promises: every step is committed before step() returns: a process killed at any instant leaves a run at a
//           whole generation, and resume() goes on from there. The same experiment and seed give the same
//           trees as `evotts run`, on any number of threads. No language model is asked: an experiment that
//           asks one is refused, as what it starts and sends is confirmed by people (`evotts run`).
// Throws:   Error: kInput for an experiment with mistakes, a folder that exists already (start) or holds no
//           run, a run that another process writes to (resume); kSystem when it cannot be written.
// Threads:  one thread at a time; a search uses `threads` threads of its own while it works. One that was
//           moved from may only be assigned to or destroyed.
#pragma once

#include <evotts/run.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace evotts {

struct SearchOptions {
  std::vector<std::string> settings = {};  // of start(): "key=value" as after --set; see `evotts keys`
  bool expand_variables = false;           // of start(): ${NAME} in the file may be put in
  int threads = 0;                         // 0: all cores; at most 1024
};

class Search {
 public:
  // Scores the founders and makes the run, with generation 0, in a folder that does not exist yet. Variables
  // of the environment that the file names are kept in the run, for all to read; so they are put in only
  // when `expand_variables` is set, and the file is refused otherwise.
  static Search start(const std::filesystem::path& experiment, const std::filesystem::path& folder,
                      const SearchOptions& options = {});
  // Goes on with a run, from its newest generation.
  static Search resume(const std::filesystem::path& folder, const SearchOptions& options = {});
  ~Search();
  Search(Search&&) noexcept;
  Search& operator=(Search&&) noexcept;

  // Makes one generation, scores it and commits it.
  void step();

  int generation() const;   // the newest
  int generations() const;  // that the experiment asks for in all; step() may go beyond them
  std::filesystem::path folder() const;
  Individual best() const;

 private:
  struct Impl;
  explicit Search(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace evotts
