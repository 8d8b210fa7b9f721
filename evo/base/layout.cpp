#include "evo/base/layout.hpp"

#include <fmt/format.h>

namespace evo {
namespace {

constexpr std::string_view kHeads = "refs/heads/";

}  // namespace

std::string reference_of(std::string_view branch) { return fmt::format("{}{}", kHeads, branch); }

std::string branch_of(std::string_view reference) { return std::string(reference.substr(kHeads.size())); }

std::string population_path(std::string_view id, int island) {
  if (island == 0) return fmt::format("{}/{}{}", kPopulationFolder, id, kControllerEnding);
  return fmt::format("{}/{}/{}{}", kPopulationFolder, island, id, kControllerEnding);
}

std::string half_path(std::string_view id, std::size_t half) {
  return fmt::format("{}/{}/{}{}", kHalvesFolder, half + 1, id, kControllerEnding);
}

std::string archive_path(std::string_view id) {
  return fmt::format("{}/{}{}", kArchiveFolder, id, kControllerEnding);
}

std::string lineage_path(int generation) {
  return fmt::format("{}/{:04}/{:06}.jsonl", kLineageFolder, generation / 1000, generation);
}

std::string journal_path(std::string_view digest) {
  return fmt::format("{}/{}/{}.json", kJournalFolder, digest.substr(0, 2), digest);
}

std::string unsealing_path(int number) { return fmt::format("{}/{:04}.json", kUnsealingsFolder, number); }

bool in_folder(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

}  // namespace evo
