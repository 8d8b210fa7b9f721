#include "evo/record/lineage.hpp"

#include <algorithm>
#include <exception>
#include <fmt/format.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/record/controller_texts.hpp"
#include "genome/base/error.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "replay/parallel/for_each_index.hpp"
#include "replay/parallel/interruption.hpp"

namespace evo {
namespace {

constexpr std::size_t kShortestId = 4;

void expect_identity(const std::string& id) {
  if (id.size() != 40 || id.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw RunError(fmt::format("\"{}\" is no identity", genome::base::visible(id)));
}

Born born_from(const nlohmann::json& json) {
  Born born{.id = json.at("id"),
            .birth = {.number = json.at("number"),
                      .generation = json.at("generation"),
                      .parents = json.at("parents"),
                      .operation = genome::base::one_line(json.at("operator").get<std::string>()),
                      .exchange = json.value("exchange", ""),
                      .hypothesis = json.value("hypothesis", ""),
                      .island = json.value("island", 0)},
            .size = json.at("size"),
            .score = json.at("score"),
            .fitness = json.at("fitness")};
  for (const auto& p : json.at("curve"))
    born.curve.push_back({.beta = p.at("beta"),
                          .accuracy = p.at("accuracy"),
                          .tokens = p.at("tokens"),
                          .latency_tokens = p.value("latency_tokens", 0.0)});
  expect_identity(born.id);
  for (const std::string& parent : born.birth.parents) expect_identity(parent);
  return born;
}

// `what` names the file in the message of a failure.
std::string content_of(const RunRepository& repository, const std::string& blob, const std::string& what) {
  try {
    return repository.content(blob);
  } catch (const StorageError& error) {
    throw StorageError(fmt::format("{}: {}", what, error.what()));
  }
}

}  // namespace

double Born::tokens() const {
  double sum = 0;
  for (const CurvePoint& p : curve) sum += p.tokens;
  return curve.empty() ? 0 : sum / static_cast<double>(curve.size());
}

std::vector<Born> births_in(std::string_view text, std::string_view what) {
  std::vector<Born> births;
  std::size_t line = 0;
  for (std::size_t at = 0; at < text.size();) {
    replay::take_breath();
    const std::size_t end = std::min(text.find('\n', at), text.size());
    ++line;
    try {
      births.push_back(born_from(genome::base::expect_json(text.substr(at, end - at))));
    } catch (const std::exception& error) {
      throw RunError(fmt::format("{} line {}: is not a record of a birth: {}", what, line,
                                 genome::base::visible(error.what())));
    }
    at = end + 1;
  }
  return births;
}

std::vector<Born> births_up_to(const RunRepository& repository, std::string_view revision,
                               std::vector<std::string>* damaged) {
  struct File {
    std::string name, text;
    std::vector<Born> births;
    std::string damage;
  };
  std::vector<File> files;
  const auto reading = [&](const auto& read) {
    try {
      read();
    } catch (const genome::base::Error& error) {
      if (damaged == nullptr) throw;
      damaged->emplace_back(error.what());
    }
  };
  const std::string run = genome::base::visible(repository.path().string());
  reading([&] {
    // By the ids of their contents: to look a file up by its name takes as long as its folder has names.
    for (const auto& [file, content] : repository.files(revision)) {
      if (!in_folder(file, kLineageFolder)) continue;
      replay::take_breath();
      reading([&] {
        const std::string what = fmt::format("{}: {}", run, file);
        files.push_back({what, content_of(repository, content, what), {}, {}});
      });
    }
  });
  replay::for_each_index(files.size(), [&](std::size_t i, std::size_t) {
    try {
      files[i].births = births_in(files[i].text, files[i].name);
    } catch (const RunError& error) {
      files[i].damage = error.what();
    }
  });
  std::vector<Born> births;
  for (File& file : files) {
    if (!file.damage.empty()) reading([&] { throw RunError(file.damage); });
    std::ranges::move(file.births, std::back_inserter(births));
  }
  return births;
}

Lineage::Lineage(const RunRepository& repository, std::string revision, std::vector<Born> births)
    : repository_(&repository), revision_(std::move(revision)), generations_(repository) {
  for (Born& born : births) {
    std::string id = born.id;
    born_.try_emplace(std::move(id), std::move(born));
  }
}

const Born* Lineage::get(const std::string& id) const {
  const auto found = born_.find(id);
  return found == born_.end() ? nullptr : &found->second;
}

const Born& Lineage::find(std::string_view id) const {
  const std::string run = genome::base::visible(repository_->path().string());
  if (id.size() < kShortestId || id.find_first_not_of("0123456789abcdef") != id.npos) {
    throw RunError(fmt::format("{}: an ID is at least {} digits of an identity, found \"{}\"", run,
                               kShortestId, genome::base::visible(id, 60)));
  }
  const auto first = born_.lower_bound(std::string(id));
  if (first == born_.end() || !first->first.starts_with(id))
    throw RunError(fmt::format("{}: no individual {} was born in this run", run, id));
  const auto second = std::next(first);
  if (second != born_.end() && second->first.starts_with(id))
    throw RunError(fmt::format("{}: {} could be {} or {}", run, id, first->first, second->first));
  return first->second;
}

std::vector<const Born*> Lineage::main_line(const Born& from) const {
  std::vector<const Born*> line{&from};
  std::set<std::string> seen{from.id};
  while (!line.back()->birth.parents.empty()) {
    const Born* parent = get(line.back()->birth.parents.front());
    if (parent == nullptr || !seen.insert(parent->id).second) break;
    line.push_back(parent);
  }
  return line;
}

std::vector<const Born*> Lineage::ancestry(const Born& of) const {
  std::vector<const Born*> found{&of};
  std::set<std::string> seen{of.id};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const std::string& id : found[i]->birth.parents) {
      const Born* parent = get(id);
      if (parent != nullptr && seen.insert(id).second) found.push_back(parent);
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Born* a, const Born* b) { return a->birth.number < b->birth.number; });
  return found;
}

std::optional<std::string> Lineage::text_of(const Born& born) const {
  replay::take_breath();
  const std::string commit = generations_.commit_of(static_cast<std::uint64_t>(born.birth.generation));
  return ControllerTexts(*repository_, commit).find(born.id);
}

}  // namespace evo
