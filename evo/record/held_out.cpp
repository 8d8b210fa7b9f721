#include "evo/record/held_out.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "evo/base/error.hpp"
#include "evo/base/program_version.hpp"
#include "evo/record/trailers.hpp"
#include "genome/base/c_library.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/reader.hpp"
#include "replay/parallel/interruption.hpp"

namespace evo {
namespace {

using Json = nlohmann::ordered_json;

std::string json_of(const Unsealing& unsealing) {
  Json figures = Json::array();
  for (const HeldOutFigure& f : unsealing.figures) {
    figures.push_back({{"controller", f.controller},
                       {"id", f.id},
                       {"environment", f.environment},
                       {"beta", f.beta},
                       {"accuracy", f.accuracy},
                       {"accuracy_low", f.low},
                       {"accuracy_high", f.high},
                       {"tokens", f.tokens}});
    if (f.latency_tokens) figures.back()["latency_tokens"] = *f.latency_tokens;
  }
  Json json = {{"number", unsealing.number},
               {"generation", unsealing.generation},
               {"commit", unsealing.commit},
               {"figures", figures}};
  if (!unsealing.preregistration.empty()) {
    json["preregistration"] = unsealing.preregistration;
    json["departures"] = unsealing.departures;
  }
  return json.dump(2) + "\n";
}

Unsealing unsealing_from(const Json& json) {
  Unsealing unsealing{
      .number = json.at("number"), .generation = json.at("generation"), .commit = json.at("commit")};
  for (const Json& f : json.at("figures")) {
    unsealing.figures.push_back({.controller = f.at("controller"),
                                 .id = f.at("id"),
                                 .environment = f.at("environment"),
                                 .beta = f.at("beta"),
                                 .accuracy = f.at("accuracy"),
                                 .low = f.at("accuracy_low"),
                                 .high = f.at("accuracy_high"),
                                 .tokens = f.at("tokens")});
    if (f.contains("latency_tokens"))
      unsealing.figures.back().latency_tokens = f.at("latency_tokens").get<double>();
  }
  if (json.contains("preregistration")) {
    json.at("preregistration").get_to(unsealing.preregistration);
    json.at("departures").get_to(unsealing.departures);
  }
  return unsealing;
}

}  // namespace

std::string unsealing_message(const Unsealing& unsealing) {
  std::string message =
      fmt::format("unsealed {}: look {} at the held-out environments, generation {}\n\n",
                  unsealing.figures.empty() ? "" : genome::base::short_id(unsealing.figures.front().id),
                  unsealing.number, unsealing.generation);
  for (const HeldOutFigure& f : unsealing.figures)
    message += fmt::format("{} {} beta {}: {:.2f} [{:.2f}, {:.2f}] at {:.0f} tokens\n", f.environment,
                           f.controller, f.beta, f.accuracy, f.low, f.high, f.tokens);
  if (!unsealing.preregistration.empty())
    message += fmt::format("{} as preregistered ({})\n", unsealing.departures.empty() ? "all" : "not",
                           genome::base::short_id(unsealing.preregistration));
  for (const std::string& each : unsealing.departures)
    message += fmt::format("- {}\n", genome::base::visible(each));
  return message + "\n" +
         trailer_lines({{Trailer::kUnsealing, fmt::format("{}", unsealing.number)},
                        {Trailer::kOpenedGeneration, fmt::format("{}", unsealing.generation)},
                        {Trailer::kOpenedCommit, unsealing.commit}});
}

Fingerprint fingerprint_of(const replay::Environment& environment) {
  Fingerprint print{.name = environment.name, .digest = environment.digest, .questions = {}};
  for (const replay::Question& question : environment.questions) {
    replay::take_breath();
    print.questions.push_back(replay::question_digest(question));
  }
  return print;
}

std::vector<Fingerprint> fingerprints_of(std::span<const replay::Environment> environments) {
  std::vector<Fingerprint> prints;
  for (const replay::Environment& each : environments) prints.push_back(fingerprint_of(each));
  return prints;
}

bool same_file_or_question(const Fingerprint& held_out, const Fingerprint& other) {
  if (held_out.digest == other.digest) return true;
  const std::set<std::string_view> known(held_out.questions.begin(), held_out.questions.end());
  return std::ranges::any_of(other.questions, [&](const std::string& each) { return known.contains(each); });
}

std::string held_out_json(std::span<const replay::Environment> environments) {
  Json marks = Json::array();
  for (const Fingerprint& each : fingerprints_of(environments))
    marks.push_back({{"name", each.name},
                     {"digest", each.digest},
                     {"questions", each.questions.size()},
                     {"question_digests", each.questions}});
  return Json{{"environments", marks}}.dump(2) + "\n";
}

std::vector<Fingerprint> sealed_in(const RunRepository& repository, std::string_view revision) {
  const auto text = repository.read(kHeldOutFile, revision);
  std::vector<Fingerprint> sealed;
  if (!text) return sealed;
  try {
    const auto json = genome::base::expect_json(*text);
    for (const auto& each : json.at("environments")) {
      Fingerprint& print = sealed.emplace_back(Fingerprint{each.at("name"), each.at("digest"), {}});
      if (each.contains("question_digests")) each.at("question_digests").get_to(print.questions);
    }
  } catch (const std::exception& error) {
    throw RunError(fmt::format("{}: {} cannot be read: {}", genome::base::visible(repository.path().string()),
                               kHeldOutFile, error.what()));
  }
  return sealed;
}

void expect_sealed(std::span<const replay::Environment> environments, std::span<const Fingerprint> sealed,
                   const std::string& run) {
  if (environments.size() != sealed.size())
    throw RunError(fmt::format("{}: sealed {} environments, but {} are here now", run, sealed.size(),
                               environments.size()));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    if (environments[i].digest != sealed[i].digest)
      throw RunError(fmt::format("{}: the held-out environment {} ({}) is not what it was when it was sealed",
                                 run, sealed[i].name, environments[i].source));
  }
}

std::size_t questions_asked_of_both(std::span<const replay::Environment> search,
                                    std::span<const replay::Environment> held_out) {
  std::set<std::pair<std::string_view, std::string_view>> searched;
  for (const replay::Environment& each : search) {
    for (const replay::Question& question : each.questions) searched.emplace(question.text, question.gold);
  }
  std::size_t both = 0;
  for (const replay::Environment& each : held_out) {
    both +=
        static_cast<std::size_t>(std::ranges::count_if(each.questions, [&](const replay::Question& question) {
          return !question.text.empty() && searched.contains({question.text, question.gold});
        }));
  }
  return both;
}

void expect_apart(std::span<const Fingerprint> search, std::span<const Fingerprint> held_out,
                  const std::string& run) {
  for (const Fingerprint& each : held_out) {
    const auto same = std::ranges::find_if(
        search, [&](const Fingerprint& searched) { return same_file_or_question(each, searched); });
    if (same == search.end()) continue;
    const bool whole = same->digest == each.digest || same->questions == each.questions;
    throw RunError(fmt::format("{}: the held-out environment {} is searched on as well{}, as {}", run,
                               each.name, whole ? "" : ", at least one of its questions", same->name));
  }
}

std::vector<Unsealing> unsealings_of(const RunRepository& repository) {
  std::vector<Unsealing> all;
  const auto tip = repository.tip(kUnsealedBranch);
  if (!tip) return all;
  std::map<std::string, std::int64_t> times;  // by number
  for (const CommitInfo& commit : repository.log(std::numeric_limits<std::size_t>::max(), *tip)) {
    if (const auto number = text_in(commit, Trailer::kUnsealing)) times[*number] = commit.time;
  }
  for (const std::string& file : repository.list(kUnsealingsFolder, *tip)) {
    const std::string path = fmt::format("{}/{}", kUnsealingsFolder, file);
    try {
      all.push_back(
          unsealing_from(genome::base::expect_json<Json>(repository.read(path, *tip).value_or(""))));
    } catch (const std::exception& error) {
      throw RunError(fmt::format("{}: {} on the branch {} cannot be read: {}",
                                 genome::base::visible(repository.path().string()), path, kUnsealedBranch,
                                 error.what()));
    }
    all.back().time = times[std::to_string(all.back().number)];
  }
  return all;
}

int next_unsealing(const RunRepository& repository) {
  const auto before = unsealings_of(repository);
  return before.empty() ? 1 : before.back().number + 1;
}

int record_unsealing(RunRepository& repository, const Unsealing& unsealing) {
  Unsealing numbered = unsealing;
  numbered.number = next_unsealing(repository);
  repository.commit_beside(
      kUnsealedBranch, {.put = {{unsealing_path(numbered.number), json_of(numbered)}}, .remove = {}},
      unsealing_message(numbered) + trailer_lines({{Trailer::kProgramVersion, program_trailer()},
                                                   {Trailer::kCLibrary, genome::base::c_library()}}));
  return numbered.number;
}

}  // namespace evo
