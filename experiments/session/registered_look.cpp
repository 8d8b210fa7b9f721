#include "experiments/session/registered_look.hpp"

#include <algorithm>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/base/program_version.hpp"
#include "evo/base/sha256.hpp"
#include "evo/population/state.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/session/preregister.hpp"
#include "genome/base/c_library.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"

namespace experiments {
namespace {

using genome::base::visible;

// A known controller whose text is the one stated.
bool is_known_as(const evo::RegisteredController& stated) {
  const auto text = genome::known_controller(stated.name);
  if (!text) return false;
  const auto checked = genome::check_text(*text).controller;
  return checked && genome::identity(checked->tree()) == stated.id;
}

// A fork may have changed the experiment, which it then says; nothing else may.
void expect_experiment(const RunAt& at, const evo::Registration& registration, const std::string& run) {
  if (!registration.forks.empty()) return;
  const auto toml = at.repository.read(evo::kExperimentFile, at.revision);
  if (toml && evo::sha256_hex(*toml) == registration.statement.experiment_sha256) return;
  throw evo::RunError(fmt::format("{}: its {} is not the one preregistered; was it edited by hand?", run,
                                  evo::kExperimentFile));
}

void add_program_now(std::vector<std::string>& changes, const evo::Statement& statement) {
  if (evo::program_trailer() != statement.program)
    changes.push_back(fmt::format("this is {}, where {} is stated", evo::program_trailer(),
                                  visible(statement.program, 100)));
  if (genome::base::c_library() != statement.c_library)
    changes.push_back(fmt::format("the C library is {}, where {} is stated", genome::base::c_library(),
                                  visible(statement.c_library, 100)));
}

void add_generation(std::vector<std::string>& departures, const evo::RegisteredComparison& stated,
                    int generation, int last) {
  if (generation == stated.generations) return;
  // Time may have ended the run earlier, but then nothing comes after the generation looked at.
  if (stated.minutes && generation < stated.generations) {
    if (generation != last)
      departures.push_back(
          fmt::format("generation {} is looked at, where the last is stated, which is {}", generation, last));
    return;
  }
  departures.push_back(
      fmt::format("generation {} is looked at, where {} is stated", generation, stated.generations));
}

}  // namespace

RegisteredLook::RegisteredLook(const RunAt& at, const std::optional<std::string>& published)
    : run_(visible(at.repository.path().string())),
      registration_(evo::registration_of(at.repository, at.revision)) {
  if (published) evo::expect_published(registration_, *published, run_);
  if (!registration_) return;
  const auto wrong = evo::contradictions(at.repository, *registration_);
  if (!wrong.empty())
    throw evo::RunError(
        fmt::format("{}: contradicts its {}: {}", run_, evo::kPreregistrationFile, fmt::join(wrong, "; ")));
  expect_experiment(at, *registration_, run_);
  best_ = genome::base::git_blob_id(at.repository.read(evo::kBestFile, at.revision).value_or(""));
  changes_ = evo::changes_since(at.repository, at.revision, *registration_);
  last_ = evo::state_in(at.repository, {}).generation;
  if (!registration_->whole)
    changes_.emplace_back("generation 0 is not in this clone, so the statement is not proved to be that old");
  add_program_now(changes_, registration_->statement);
}

std::vector<std::string> RegisteredLook::beside(const std::vector<std::string>& named) const {
  if (!registration_ || !named.empty()) return named;
  std::vector<std::string> stated;
  for (const evo::RegisteredController& each : registration_->statement.comparison.against) {
    if (is_known_as(each)) stated.push_back(each.name);
  }
  return stated;
}

std::size_t RegisteredLook::orderings(const std::optional<std::size_t>& wanted) const {
  if (wanted) return *wanted;
  return registration_ ? registration_->statement.comparison.orderings : kUnsealOrderings;
}

void RegisteredLook::expect_held_out(std::span<const replay::Environment> environments) const {
  if (!registration_) return;
  const std::vector<evo::RegisteredEnvironment>& stated = registration_->statement.held_out;
  const std::vector<evo::RegisteredEnvironment> here = evo::registered(environments);
  for (std::size_t i = 0; i < std::max(stated.size(), here.size()); ++i) {
    if (i < stated.size() && i < here.size() && stated[i] == here[i]) continue;
    const std::string& name = i < stated.size() ? stated[i].name : here[i].name;
    throw evo::RunError(fmt::format("{}: the held-out environment {} is not the one preregistered", run_,
                                    visible(name, 100)));
  }
}

std::vector<std::string> RegisteredLook::departures(const Look& look) const {
  std::vector<std::string> found = changes_;
  if (!registration_) return found;
  const evo::RegisteredComparison& stated = registration_->statement.comparison;
  add_generation(found, stated, look.generation, last_);
  std::vector<std::string> ids;
  for (const NamedController& each : look.controllers)
    ids.push_back(genome::identity(each.controller.tree()));
  if (ids.empty() || ids.front() != best_)
    found.emplace_back("another controller than the best of the run is looked at");
  for (const evo::RegisteredController& each : stated.against) {
    if (std::ranges::count(ids, each.id) == 0)
      found.push_back(fmt::format("{} ({}) is stated, and is not beside it", visible(each.name, 100),
                                  genome::base::short_id(each.id)));
  }
  if (look.orderings != stated.orderings)
    found.push_back(
        fmt::format("{} orderings are used, where {} are stated", look.orderings, stated.orderings));
  if (look.number > 1) found.push_back(fmt::format("this is look {}; only the first is blind", look.number));
  return found;
}

std::string RegisteredLook::text(std::span<const std::string> departures) const {
  if (!registration_) return {};
  const evo::Registration& r = *registration_;
  std::string out = fmt::format("\npreregistered  SHA-256 {}\n", r.digest);
  if (r.whole)
    out += fmt::format("               {:%Y-%m-%d %H:%M} UTC, with generation 0\n",
                       fmt::gmtime(static_cast<std::time_t>(r.time)));
  if (!r.statement.claim.empty()) out += fmt::format("claim          {}\n", visible(r.statement.claim, 400));
  out += "as stated      the held-out environments";
  if (r.whole) out += ", those searched on";
  if (r.whole && r.forks.empty()) out += ", the experiment";
  if (r.statement.program == evo::program_trailer()) out += ", this program";
  out += "\n";
  for (const std::string& each : departures) out += fmt::format("not as stated  {}\n", each);
  return out + (departures.empty() ? "this look is the comparison that was stated\n"
                                   : "this look is not the comparison that was stated\n");
}

}  // namespace experiments
