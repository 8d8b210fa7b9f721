// trusted_texts.hpp: what this user on this machine has confirmed, one file each.
// Why:      what was confirmed once is not asked again, and no run can bring its own confirmation along.
// Use:      const TrustedTexts trusted(state_folder());
//           if (!trusted.has(text)) trusted.add(text);
// The form: a file is named by the SHA-1 of its text and holds the text, so that people can look at it.
// Promises: the content is compared, so two texts of one digest are told apart. The folder and those above it
//           that are missing are made with mode 0700. One that others may write to, or that is another
//           user's, holds nothing and takes nothing.
// Throws:   add(): StorageError.
// Threads:  any, and any number of processes.
// Tests:    tests/experiments/session/trust_test.cpp
#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace experiments {

// $XDG_STATE_HOME/evotts/trusted, or ~/.local/state/evotts/trusted. Empty where there is neither.
std::filesystem::path state_folder();

class TrustedTexts {
 public:
  explicit TrustedTexts(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool has(const std::string& text) const;
  void add(const std::string& text) const;

 private:
  std::filesystem::path file_of(const std::string& text) const;

  std::filesystem::path folder_;
};

}  // namespace experiments
