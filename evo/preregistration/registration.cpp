#include "evo/preregistration/registration.hpp"

#include <fmt/format.h>
#include <limits>
#include <set>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/base/run_file.hpp"
#include "evo/base/sha256.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

using genome::base::visible;

std::string shown(const RunRepository& repository) { return visible(repository.path().string()); }

std::vector<CommitInfo> history(const RunRepository& repository, std::string_view revision) {
  return repository.log(std::numeric_limits<std::size_t>::max(), revision);
}

std::string first_line_of(const CommitInfo& commit) {
  return visible(commit.message.substr(0, commit.message.find('\n')), 200);
}

// RunError unless a statement is there now and was there in generation 0, to the byte.
void expect_unchanged(const RunRepository& repository, const std::optional<std::string>& then,
                      const std::optional<std::string>& now) {
  if (then == now) return;
  const char* const how = !then  ? "was added after generation 0 and is no preregistration"
                          : !now ? "was removed after generation 0"
                                 : "was changed after generation 0";
  throw RunError(
      fmt::format("{}: {} {}; was it edited by hand?", shown(repository), kPreregistrationFile, how));
}

void expect_digest(const RunRepository& repository, const CommitInfo& start, const std::string& digest) {
  const auto said = text_in(start, Trailer::kPreregistration);
  if (!said || *said == digest) return;
  throw RunError(fmt::format("{}: the commit of generation 0 names the SHA-256 {} for {}, which has {}",
                             shown(repository), visible(*said, 80), kPreregistrationFile, digest));
}

// A statement that the message names must be there.
void expect_named_file(const RunRepository& repository, const CommitInfo& start) {
  if (!has(start, Trailer::kPreregistration)) return;
  throw RunError(fmt::format("{}: the commit of generation 0 names a {} that is not there", shown(repository),
                             kPreregistrationFile));
}

class Contradictions {
 public:
  void compare(std::string_view what, std::string_view stated, std::string_view found) {
    if (stated != found)
      all.push_back(
          fmt::format("{} is stated as {} and is {}", what, visible(stated, 100), visible(found, 100)));
  }

  std::vector<std::string> all;
};

void compare_search(Contradictions& found, const Statement& statement, const State& state) {
  // Each recording is followed by its reweighted variants, as many for each.
  const std::size_t stated = statement.search.size(), there = state.environments.size();
  if (stated == 0 || there % stated != 0) {
    found.all.push_back(
        fmt::format("{} environments are stated to be searched on, and {} are", stated, there));
    return;
  }
  for (std::size_t i = 0; i < stated; ++i) {
    const EnvironmentMark& mark = state.environments[i * (there / stated)];
    found.compare("the name of a searched environment", statement.search[i].name, mark.name);
    found.compare(fmt::format("the fingerprint of {}", visible(mark.name, 60)), statement.search[i].digest,
                  mark.digest);
  }
}

void compare_held_out(Contradictions& found, const Statement& statement, const RunRepository& repository,
                      const std::string& revision) {
  const auto file = repository.read(kHeldOutFile, revision);
  if (!file) {
    found.all.push_back(fmt::format("{} is not there", kHeldOutFile));
    return;
  }
  found.compare(fmt::format("the SHA-256 of {}", kHeldOutFile), statement.held_out_sha256, sha256_hex(*file));
  const std::vector<Fingerprint> sealed = sealed_in(repository, revision);
  if (sealed.size() != statement.held_out.size()) {
    found.all.push_back(fmt::format("{} environments are stated to be held out, and {} are",
                                    statement.held_out.size(), sealed.size()));
    return;
  }
  for (std::size_t i = 0; i < sealed.size(); ++i)
    found.compare(fmt::format("the fingerprint of {}", visible(sealed[i].name, 60)),
                  statement.held_out[i].digest, sealed[i].digest);
}

}  // namespace

std::optional<Registration> registration_of(const RunRepository& repository, std::string_view revision) {
  const std::vector<CommitInfo> commits = history(repository, revision);
  const CommitInfo& start = commits.back();
  const bool whole = !start.cut && repository.has_object(start.tree);  // a clone may be without
  const auto now = repository.read(kPreregistrationFile, revision);
  if (whole) expect_unchanged(repository, repository.read(kPreregistrationFile, start.id), now);
  if (!now) {
    if (!start.cut) expect_named_file(repository, start);
    return std::nullopt;
  }
  Registration registration{
      .statement = statement_from(*now, fmt::format("{}: {}", shown(repository), kPreregistrationFile)),
      .digest = sha256_hex(*now),
      .commit = start.id,
      .time = start.time,
      .whole = whole,
      .forks = {}};
  if (!start.cut) expect_digest(repository, start, registration.digest);
  for (const CommitInfo& each : commits) {
    if (has(each, Trailer::kForkPoint)) registration.forks.push_back(first_line_of(each));
  }
  return registration;
}

std::vector<std::string> contradictions(const RunRepository& repository, const Registration& registration) {
  Contradictions found;
  if (!registration.whole) return found.all;
  const Statement& statement = registration.statement;
  const std::string toml = repository.read(kExperimentFile, registration.commit).value_or("");
  found.compare(fmt::format("the SHA-256 of {}", kExperimentFile), statement.experiment_sha256,
                sha256_hex(toml));
  compare_search(found, statement, state_in(repository, registration.commit));
  compare_held_out(found, statement, repository, registration.commit);
  const CommitInfo start = repository.log(1, registration.commit).front();
  if (const auto program = text_in(start, Trailer::kProgramVersion))
    found.compare("the program", statement.program, *program);
  return std::move(found.all);
}

std::vector<std::string> changes_since(const RunRepository& repository, std::string_view revision,
                                       const Registration& registration) {
  std::vector<std::string> changes;
  for (const std::string& each : registration.forks)
    changes.push_back(fmt::format("the statement is that of the run this one was forked from ({})", each));
  std::set<std::string> programs;
  for (const CommitInfo& each : history(repository, revision)) {
    const auto program = text_in(each, Trailer::kProgramVersion);
    if (program && *program != registration.statement.program) programs.insert(*program);
  }
  for (const std::string& each : programs)
    changes.push_back(fmt::format("generations were made by {}, where {} is stated", visible(each, 100),
                                  visible(registration.statement.program, 100)));
  return changes;
}

void expect_published(const std::optional<Registration>& registration, const std::string& published,
                      const std::string& run) {
  if (!registration)
    throw RunError(fmt::format("{}: states nothing; it was started without --preregister", run));
  std::string digest = published;
  if (!is_sha256_hex(published)) {
    const auto copy = small_file(published, kMostStatementBytes);
    if (!copy)
      throw RunError(fmt::format("{}: is neither a file that can be read nor a SHA-256 of 64 digits",
                                 visible(published, 100)));
    digest = sha256_hex(*copy);
  }
  if (digest == registration->digest) return;
  throw RunError(fmt::format("{}: its {} is not the one published: SHA-256 {} where {} was published", run,
                             kPreregistrationFile, registration->digest, digest));
}

}  // namespace evo
