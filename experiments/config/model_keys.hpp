// model_keys.hpp: the keys of an experiment file that are about language models.
// Why:      a model is a table of its own, and what is wrong with one is said field by field; what could be a
//           key pasted into the wrong place is never shown.
// Use:      for (Key& key : model_keys()) keys.push_back(std::move(key));
//           if (auto fault = fault_of_models(experiment)) report(*fault);
// The form: [[models]]
//           kind = "openai"          # or "anthropic", "command"
//           name = "small"           # in operators and journal; else the model or the program
//           model = "gpt-…"          # as the server calls it
//           url = "https://…/v1"     # the base address; the providers' own when left out
//           key_variable = "MY_KEY"  # the environment variable that holds the key; none is sent without it
//           command = []             # of kind "command": the program and its arguments
//           seconds = 300            # for one exchange, all its tries included
//           concurrency = 4
//           output_tokens = 16000    # the most it may write in a reply, reasoning included
//           temperature = 0.7        # not sent when left out
//           effort = "low"           # of reasoning; not sent when left out
//           thinking_tokens = 4000   # Anthropic; no thinking when left out
//           seeded = true            # OpenAI: send a seed
//           price = { input = 3, cached_read = 0.3, cache_write = 3.75, output = 15 }   # for a million
//           tokens
// Promises: as experiment_keys.hpp.
// Threads:  pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/config/experiment_keys.hpp"

namespace experiments {

std::vector<Key> model_keys();

// What is wrong with the models as a whole, in a line.
std::optional<std::string> fault_of_models(const evo::Experiment& experiment);

// All models that are to be asked: that of the short form [model] first. Empty when there is none.
std::vector<evo::ModelSpec> all_models(const evo::Experiment& experiment);

// A price whose writing to the cache was not given gets what its kind of server takes for it.
void settle_price(evo::ModelSpec& spec);

// Reads a price table { input, output, ... }; the fault when it is none.
std::optional<std::string> read_price(const Value& value, net::Price& price);

}  // namespace experiments
