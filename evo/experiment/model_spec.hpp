// model_spec.hpp: a language model of an experiment, as plain data.
// Why:      which model was asked, how, and at what price belongs to an experiment and is kept with its run.
// Use:      ModelSpec spec{.kind = net::ModelKind::kOpenAi, .name = "small", .model = "…", .url = "…"};
// Promises: values are validated by whoever makes one (experiments/config/model_keys.hpp). There is no key in
//           it: `key_variable` names the environment variable that holds it.
// Threads:  a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/model_kind.hpp"
#include "net/usage.hpp"

namespace evo {

struct ModelSpec {
  net::ModelKind kind = net::ModelKind::kCommand;
  std::string name;          // in operators, journal and reports; one of its own
  std::string model;         // as the server calls it
  std::string url;           // the base address of the server
  std::string key_variable;  // the environment variable that holds the key; empty: no key is sent
  std::vector<std::string> unencrypted_hosts;  // that may be sent the key without encryption
  std::vector<std::string> command;            // the program and its arguments
  double seconds = 300;                        // for one exchange, all its tries included
  int concurrency = 4;                         // exchanges at a time
  std::int64_t output_tokens = 16000;
  std::optional<double> temperature;
  std::string effort;  // of reasoning; empty: not asked for
  std::optional<std::int64_t> thinking_tokens;
  bool seeded = true;
  std::optional<net::Price> price;
  friend bool operator==(const ModelSpec&, const ModelSpec&) = default;
};

// What models are asked; see llm_mutators/prompts/templates.hpp.
struct ModelTemplates {
  std::string task, rules, mutate, cross, invent, repair;
  friend bool operator==(const ModelTemplates&, const ModelTemplates&) = default;
};

}  // namespace evo
