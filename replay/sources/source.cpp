#include "replay/sources/source.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

namespace fs = std::filesystem;

bool hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

// A run of a search, whose files are no recordings; a clone of recordings has no lineage.
bool is_run(const fs::path& folder) {
  std::error_code unknown;
  return fs::exists(folder / ".git", unknown) && fs::is_directory(folder / "lineage", unknown);
}

// Every recording in and below the folder, sorted by path so that results do not depend on the disk.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code problem;
  fs::recursive_directory_iterator entry(folder, problem);
  while (!problem && entry != fs::recursive_directory_iterator()) {
    std::error_code unknown;  // a dangling link is no file; that is all there is to know
    if (hidden(entry->path()) || is_run(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->path().extension() == ".json" && entry->is_regular_file(unknown)) {
      files.push_back(entry->path());
    }
    entry.increment(problem);
  }
  const std::string shown = genome::base::visible(folder.string());
  if (problem) throw InputError(fmt::format("{}: cannot be listed: {}", shown, problem.message()));
  if (files.empty()) throw InputError(fmt::format("{}: no *.json file in this folder or below it", shown));
  std::sort(files.begin(), files.end());
  return files;
}

// What one specification opens, before any file is read.
struct Opened {
  Environment environment;
  std::string identity;                   // equal for the same file reached in two ways
  std::vector<std::string> longer_names;  // ever longer ones, for when the short name is taken
};

Opened open_synthetic(std::string_view spec_text) {
  const SyntheticSpec spec = parse_synthetic(spec_text.substr(kSyntheticPrefix.size()));
  Opened opened{make_synthetic(spec), "", {}};
  opened.identity = opened.environment.source;
  opened.longer_names = {"synthetic-" + to_text(spec)};
  return opened;
}

Opened open_file(const fs::path& path) {
  Opened opened{read_environment(path), "", {}};
  std::error_code problem;
  fs::path whole = fs::weakly_canonical(path, problem);
  if (problem) whole = path;
  opened.identity = whole.string();
  std::string tail = whole.stem().string();
  for (fs::path folder = whole.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
    tail = folder.filename().string() + "/" + tail;
    opened.longer_names.push_back(tail);
  }
  opened.longer_names.push_back(whole.string());  // x.json and x.txt differ only here
  return opened;
}

// Names are kept as JSON and shown in tables; bytes of a file's name that are no UTF-8 are written out, so
// that different names stay different.
std::string name_of(const std::string& path) {
  std::string name;
  for (std::string_view rest = path; !rest.empty();) {
    const genome::base::Character first = genome::base::first_character(rest);
    name += first.valid ? std::string(rest.substr(0, first.bytes))
                        : fmt::format("\\x{:02x}", static_cast<unsigned>(first.code));
    rest.remove_prefix(first.bytes);
  }
  return name;
}

// Gives all that share a name their next longer one, until no two names are equal. This ends, since
// the longest names are as different as the identities.
void make_names_unique(std::vector<Opened>& all) {
  std::vector<std::size_t> next_longer(all.size(), 0);
  for (bool changed = true; changed;) {
    changed = false;
    std::map<std::string, std::size_t> holders;
    for (const Opened& opened : all) ++holders[opened.environment.name];
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (holders[all[i].environment.name] == 1 || next_longer[i] == all[i].longer_names.size()) continue;
      all[i].environment.name = all[i].longer_names[next_longer[i]++];
      changed = true;
    }
  }
}

}  // namespace

std::vector<Environment> open_environments(std::span<const std::string> specs) {
  if (specs.empty()) throw InputError("no environment is given");
  std::vector<Opened> all;
  std::set<std::string> identities;
  const auto add = [&](Opened opened) {
    if (!identities.insert(opened.identity).second) {
      throw InputError(fmt::format("{}: is given twice", genome::base::visible(opened.environment.source)));
    }
    all.push_back(std::move(opened));
  };
  for (const std::string& spec : specs) {
    std::error_code unknown;
    if (spec.empty()) throw InputError("an environment is named by an empty text");
    if (spec.starts_with(kSyntheticPrefix)) {
      add(open_synthetic(spec));
    } else if (fs::is_directory(spec, unknown)) {
      for (const fs::path& path : files_below(spec)) add(open_file(path));
    } else {
      add(open_file(spec));
    }
  }
  for (Opened& opened : all) {
    opened.environment.name = name_of(opened.environment.name);
    for (std::string& name : opened.longer_names) name = name_of(name);
  }
  make_names_unique(all);
  std::vector<Environment> environments;
  for (Opened& opened : all) environments.push_back(std::move(opened.environment));
  return environments;
}

}  // namespace replay
