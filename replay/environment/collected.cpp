#include "replay/environment/collected.hpp"

#include "genome/base/check.hpp"

namespace replay {

std::string compact(simdjson::dom::object object) { return simdjson::minify(object); }

std::string compact_object(std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const bool good = !parser.parse(text.data(), text.size()).get(object);
  EVOTTS_CHECK(good);
  std::string compacted = compact(object);
  EVOTTS_CHECK(compacted.size() <= kMaxCollectedBytes);
  return compacted;
}

}  // namespace replay
