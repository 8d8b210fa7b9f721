// model_kind.hpp: the kinds of models that can be asked.
// Why:      a kind decides the protocol, the address and the price of a model; one table (model_kinds.def)
//           holds all of it, so that no kind can speak another one's protocol.
// Use:      if (const auto kind = model_kind_named("openai")) url = info_of(*kind).url;
// Promises: info_of() knows every kind; names are those of experiment files.
// Threads:  pure functions.
// Tests:    tests/net/model_kind_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace net {

enum class ModelKind : std::uint8_t {
#define EVOTTS_SERVER_KIND(kind, name, url, format, cache_write) kind,
#define EVOTTS_COMMAND_KIND(kind, name) kind,
#include "net/model_kinds.def"
};

enum class ReachedBy : std::uint8_t { kServer, kCommand };

struct ModelKindInfo {
  std::string_view name;
  ReachedBy reached_by = ReachedBy::kServer;  // a server needs the name of a model, a command its program
  std::string_view url;                       // the base address when none is given; empty for a command
  double cache_write = 1;                     // times the price of input, when no price of it is given
};

const ModelKindInfo& info_of(ModelKind kind);

std::optional<ModelKind> model_kind_named(std::string_view name);

// "\"openai\", \"anthropic\" or \"command\"", for messages.
const std::string& model_kind_names();

}  // namespace net
