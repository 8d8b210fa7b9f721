#include "genome/tree/type.hpp"

#include <fmt/format.h>

namespace genome {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::kNumber: return "number";
    case Kind::kTruth: return "truth";
    case Kind::kAnswer: return "answer";
    case Kind::kUnknown: break;
  }
  return "unknown";
}

std::string describe(Type type) {
  return fmt::format("{} of the {}", name_of(type.kind),
                     type.level == Level::kBranch ? "branch" : "question");
}

}  // namespace genome
