#include "evo/expectation/known.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "evo/proposal/founders.hpp"
#include "genome/base/check.hpp"
#include "genome/base/digest.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "replay/environment/distinct_questions.hpp"
#include "replay/evaluation/common_signals.hpp"

namespace evo {
namespace {

constexpr std::size_t kDigits = 16;

struct DataSetQuestion {
  std::string_view data_set, digest;
};
constexpr DataSetQuestion kQuestions[] = {
#define QUESTION(data_set, digest) {data_set, digest},
#include "evo/expectation/data_sets.def"
#undef QUESTION
};

std::set<std::string_view> data_sets_of(std::span<const replay::Environment> environments) {
  std::set<std::string> digests;
  for (const replay::Environment& environment : environments) {
    for (const replay::Question& question : environment.questions)
      digests.insert(genome::base::sha1_hex(replay::squeezed(question.text)).substr(0, kDigits));
  }
  std::set<std::string_view> found;
  for (const DataSetQuestion& each : kQuestions) {
    if (digests.contains(std::string(each.digest))) found.insert(each.data_set);
  }
  return found;
}

// The library as far as these environments and the edition allow, in two parts.
struct Library {
  std::vector<Known> known;
  std::vector<std::string> found_here;
};

Library library_on(std::span<const replay::Environment> environments, int edition) {
  const std::set<std::string_view> data_sets = data_sets_of(environments);
  const std::vector<genome::RecordedSignal> signals = replay::common_signals(environments);
  Library library;
  for (const genome::KnownController& each : genome::known_controllers()) {
    if (genome::edition_of(each.name) > edition) continue;
    auto checked = genome::check_text(each.text).controller;
    EVOTTS_CHECK(checked.has_value());
    if (!needs_only(checked->tree(), signals)) continue;
    if (data_sets.contains(genome::found_on(each.name))) {
      library.found_here.emplace_back(each.name);
      continue;
    }
    std::string id = genome::identity(checked->tree());
    library.known.push_back({std::string(each.name), std::move(id), std::move(*checked)});
  }
  return library;
}

}  // namespace

std::vector<Known> known_on(std::span<const replay::Environment> environments, int edition) {
  return library_on(environments, edition).known;
}

std::vector<std::string> found_here(std::span<const replay::Environment> environments, int edition) {
  return library_on(environments, edition).found_here;
}

}  // namespace evo
