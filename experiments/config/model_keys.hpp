// model_keys.hpp: the keys of an experiment file that are about language models.
// Why:      a model is a table of its own, and what is wrong with one is said field by field; what could be a
//           key pasted into the wrong place is never shown.
// Use:      for (const KeyOf<evo::ModelSpec>& field : model_fields()) text += field.name;
//           if (auto fault = fault_of_models(experiment)) report(*fault);
// The form: [[models]]
//           kind = "openai"
//           model = "gpt-…"
//           key_variable = "MY_KEY"
//           price = { input = 3, output = 15 }   # for a million tokens
//           `evotts keys` lists all fields with their defaults, as models.kind and so on.
// Promises: as experiment_keys.hpp.
// Threads:  pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/config/key.hpp"

namespace experiments {

// One row a field of [[models]].
const std::vector<KeyOf<evo::ModelSpec>>& model_fields();

// What is wrong with a value for a field of a model, in a line; `fields` leads to it, as {"url"} or {"price",
// "input"}. A value with variables is looked at when they have been put in.
std::optional<std::string> fault_of_field(const std::vector<std::string>& fields, const Value& value);

// All of [[models]].
Form<std::vector<evo::ModelSpec>> models_form();

// What is wrong with the models as a whole, in a line.
std::optional<std::string> fault_of_models(const evo::Experiment& experiment);

// All models that are to be asked: that of the short form [model] first. Empty when there is none.
std::vector<evo::ModelSpec> all_models(const evo::Experiment& experiment);

// Whether models are asked at all.
bool asks_models(const evo::Experiment& experiment);

// A price whose writing to the cache was not given gets what its kind of server takes for it.
void settle_price(evo::ModelSpec& spec);

// Reads a price table { input, output, ... }; the fault when it is none.
std::optional<std::string> read_price(const Value& value, net::Price& price);

}  // namespace experiments
