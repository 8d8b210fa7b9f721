#include "evo/record/controller_texts.hpp"

#include <fmt/format.h>

#include "evo/base/layout.hpp"

namespace evo {

ControllerTexts::ControllerTexts(const RunRepository& repository, std::string_view revision)
    : repository_(&repository), revision_(revision), folders_{kPopulationFolder} {
  add_folders_in(kPopulationFolder);
  folders_.emplace_back(kArchiveFolder);
  add_folders_in(kHalvesFolder);
}

void ControllerTexts::add_folders_in(const char* folder) {
  for (const std::string& name : repository_->list(folder, revision_)) {
    if (name.ends_with('/'))
      folders_.push_back(fmt::format("{}/{}", folder, name.substr(0, name.size() - 1)));
  }
}

std::optional<std::string> ControllerTexts::find(std::string_view id) const {
  // Ids come out of files; still, only ids make paths.
  if (id.size() != 40 || id.find_first_not_of("0123456789abcdef") != id.npos) return std::nullopt;
  for (const std::string& folder : folders_) {
    if (auto text = repository_->read(fmt::format("{}/{}{}", folder, id, kControllerEnding), revision_))
      return text;
  }
  return std::nullopt;
}

std::set<std::string> ControllerTexts::ids() const {
  std::set<std::string> ids;
  for (const std::string& folder : folders_) {
    for (const std::string& file : repository_->list(folder, revision_)) {
      if (file.ends_with(kControllerEnding))
        ids.insert(file.substr(0, file.size() - kControllerEnding.size()));
    }
  }
  return ids;
}

}  // namespace evo
