#include "net/model_kind.hpp"

#include <fmt/format.h>
#include <iterator>

#include "genome/base/check.hpp"

namespace net {
namespace {

constexpr ModelKindInfo kKinds[] = {
#define EVOTTS_SERVER_KIND(kind, name, url, format, cache_write) {name, ReachedBy::kServer, url, cache_write},
#define EVOTTS_COMMAND_KIND(kind, name) {name, ReachedBy::kCommand, "", 1},
#include "net/model_kinds.def"
};

std::string all_names() {
  std::string out;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    const bool last = i + 1 == std::size(kKinds);
    out += fmt::format("{}\"{}\"", i == 0 ? "" : last ? " or " : ", ", kKinds[i].name);
  }
  return out;
}

}  // namespace

const ModelKindInfo& info_of(ModelKind kind) {
  const auto number = static_cast<std::size_t>(kind);
  EVOTTS_CHECK(number < std::size(kKinds));
  return kKinds[number];
}

std::optional<ModelKind> model_kind_named(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if (kKinds[i].name == name) return static_cast<ModelKind>(i);
  }
  return std::nullopt;
}

const std::string& model_kind_names() {
  static const std::string names = all_names();
  return names;
}

}  // namespace net
