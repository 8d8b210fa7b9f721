#include "experiments/session/preregister.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <system_error>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/base/program_version.hpp"
#include "evo/base/run_file.hpp"
#include "evo/base/sha256.hpp"
#include "evo/preregistration/statement.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/controller_source.hpp"
#include "genome/base/c_library.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "genome/text/printer.hpp"
#include "replay/sources/source.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;

const std::vector<std::string> kBaselines = {"asc", "sc"};

std::vector<evo::RegisteredController> registered_controllers(const std::vector<std::string>& names) {
  std::vector<evo::RegisteredController> all;
  for (const NamedController& each : resolve_controllers(names.empty() ? kBaselines : names))
    all.push_back({each.label, genome::identity(each.controller.tree())});
  return all;
}

// Recordings alone: what reweighting makes of each follows from the experiment.
std::vector<replay::Environment> without_variants(std::span<const replay::Environment> searched,
                                                  std::size_t variants) {
  std::vector<replay::Environment> recordings;
  for (std::size_t i = 0; i < searched.size(); i += 1 + variants) recordings.push_back(searched[i]);
  return recordings;
}

evo::Statement statement_of(const RegistrationWish& wish, const RegistrationMaterial& material) {
  const evo::Experiment& e = material.experiment;
  return {.claim = wish.claim,
          .experiment = e.name,
          .seed = e.seed,
          .experiment_sha256 = evo::sha256_hex(material.toml),
          .program = evo::program_trailer(),
          .c_library = genome::base::c_library(),
          .search = evo::registered(without_variants(material.searched, e.reweightings.size())),
          .held_out = evo::registered(replay::open_environments(e.held_out)),
          .held_out_sha256 = evo::sha256_hex(material.held_out),
          .comparison = {.generations = material.generations,
                         .minutes = material.minutes,
                         .against = registered_controllers(wish.against),
                         .betas = e.betas,
                         .budget_low = e.budget_low,
                         .budget_high = e.budget_high,
                         .charge = e.charge,
                         .orderings = kUnsealOrderings}};
}

// What stands there already, if anything does.
std::optional<std::string> published_in(const std::string& file) {
  std::error_code unknown;
  if (!fs::exists(fs::symlink_status(file, unknown))) return std::nullopt;
  auto text = evo::small_file(file, evo::kMostStatementBytes);
  if (!text) throw UsageError(fmt::format("--preregister {}: cannot be read", visible(file)));
  return text;
}

// Before the work: where it cannot be written at all, that is told by the option's name.
void expect_place(const std::string& file) {
  std::error_code unknown;
  const fs::path folder = fs::path(file).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, unknown))
    throw UsageError(
        fmt::format("--preregister {}: there is no folder {}", visible(file), visible(folder.string())));
  if (fs::is_directory(file, unknown))
    throw UsageError(fmt::format("--preregister {}: is a folder, not a file", visible(file)));
}

void publish(const std::string& file, const std::string& text) {
  const auto before = published_in(file);
  if (before && *before != text)
    throw UsageError(
        fmt::format("--preregister {}: holds something else already; choose another file", visible(file)));
  if (!before) genome::base::write_durably(file, text);
  tell_on_the_way(fmt::format("preregistered in {}: SHA-256 {}\n", visible(file), evo::sha256_hex(text)));
}

}  // namespace

void expect_registrable(const RegistrationWish& wish, const evo::Experiment& experiment) {
  if (wish.file.empty()) {
    if (!wish.claim.empty() || !wish.against.empty())
      throw UsageError(fmt::format("{}: is a part of a statement; name its file by --preregister",
                                   wish.claim.empty() ? "--against" : "--claim"));
    return;
  }
  if (experiment.held_out.empty())
    throw UsageError(
        "--preregister: the experiment holds nothing out, so nothing could be tested later; name "
        "environments.held_out");
  if (wish.claim.size() > evo::kMostClaimBytes || wish.claim.contains('\0') ||
      genome::base::first_not_utf8(wish.claim))
    throw UsageError(fmt::format("--claim must be UTF-8 text of at most {} bytes", evo::kMostClaimBytes));
  for (const std::string& each : wish.against) {
    if (genome::base::first_not_utf8(each))
      throw UsageError(fmt::format("--against {}: must be UTF-8 text", visible(each)));
  }
  expect_place(wish.file);
  registered_controllers(wish.against);
}

std::string preregister(const RegistrationWish& wish, const RegistrationMaterial& material) {
  if (wish.file.empty()) return {};
  std::string text = evo::statement_json(statement_of(wish, material));
  if (text.size() > evo::kMostStatementBytes)
    throw UsageError(fmt::format("--preregister: the statement would have {} bytes; at most {} are read back",
                                 text.size(), evo::kMostStatementBytes));
  publish(wish.file, text);
  if (evo::program_commit().contains(' ') || evo::program_commit() == "unknown")
    report("--preregister: this evotts is of no commit as it stands, so nobody can build the program stated");
  return text;
}

std::string statement_for_replay(const evo::RunRepository& replayed, const std::string& toml) {
  const std::string start = replayed.log(std::numeric_limits<std::size_t>::max()).back().id;
  const auto text = replayed.read(evo::kPreregistrationFile, start);
  if (!text) return {};
  const evo::Statement statement = evo::statement_from(
      *text, fmt::format("{}: {}", visible(replayed.path().string()), evo::kPreregistrationFile));
  const bool holds = statement.program == evo::program_trailer() &&
                     statement.c_library == genome::base::c_library() &&
                     statement.experiment_sha256 == evo::sha256_hex(toml);
  return holds ? *text : std::string();
}

}  // namespace experiments
