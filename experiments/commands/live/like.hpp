// like.hpp: how the branches of an environment were made, out of its object "collected".
// Why:      a controller is worth what it was scored for only on branches like those that it was scored on.
// Use:      const Like like = read_like("mine.json");   serve(like.settings, like.branches);
// Promises: every value passes the check of the option that it stands for. UsageError names the file, and
//           what of the object is missing or wrong.
// Threads:  reads a file, otherwise pure.
// Tests:    tests/experiments/commands/serve_test.cpp
#pragma once

#include <cstddef>
#include <string>

#include "live/collect/settings.hpp"
#include "replay/environment/environment.hpp"

namespace experiments {

struct Like {
  live::CollectSettings settings;
  std::size_t branches = 0;   // of the question that has the most
  std::string model;          // empty: not told
  std::string template_text;  // likewise: the prompt of "{question}" as the model read it
};

Like read_like(const std::string& file);
// The same of an environment that was read, where it tells; `file` is for messages.
Like like_of(const replay::Environment& environment, const std::string& file);

}  // namespace experiments
