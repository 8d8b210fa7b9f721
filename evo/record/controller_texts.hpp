// controller_texts.hpp: the texts of those who live or hold the frontier at a revision of a run, those of its
// halves too.
// Why:      where a controller's file lies depends on whether the run has islands or halves, and on which of
//           them it lives; whoever knows an identity alone finds it here.
// Use:      ControllerTexts texts(repository, revision);
//           if (const auto text = texts.find(id)) ...
//           for (const std::string& id : texts.ids()) ...
// Promises: the text is that of the file of that name, not proved to be its own.
// Throws:   StorageError.
// Threads:  one thread at a time; the repository must outlive it.
// Tests:    tests/experiments/commands/islands_test.cpp
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "evo/git/run_repository.hpp"

namespace evo {

class ControllerTexts {
 public:
  ControllerTexts(const RunRepository& repository, std::string_view revision);

  // Nothing of what is no whole identity.
  std::optional<std::string> find(std::string_view id) const;
  std::set<std::string> ids() const;

 private:
  void add_folders_in(const char* folder);

  const RunRepository* repository_;
  std::string revision_;
  std::vector<std::string> folders_;  // that hold controllers
};

}  // namespace evo
