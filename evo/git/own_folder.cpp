#include "evo/git/own_folder.hpp"

#include <algorithm>
#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/base/repository_files.hpp"
#include "evo/objects/handles.hpp"
#include "genome/base/file.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;

// What the program itself writes, or has git write, besides the files of generations.
constexpr std::array kWritten = {kRunLogFile, kExchangesLogFile};

constexpr std::array kSettings = {"config", "config.worktree"};
constexpr std::size_t kMostSettings = std::size_t{1} << 20;

// Where "[include]" or "[includeIf "..."]" stands, in any case, be it behind another section or a byte
// order mark; git and libgit2 read what they name as if it stood here. A value like it counts, too.
std::optional<std::size_t> place_of_include(std::string settings) {
  boost::algorithm::to_lower(settings);
  for (std::size_t at = settings.find('['); at != std::string::npos; at = settings.find('[', at + 1)) {
    const std::size_t word = settings.find_first_not_of(" \t\r\n\v\f", at + 1);
    if (word != std::string::npos && settings.compare(word, 7, "include") == 0) return at;
  }
  return std::nullopt;
}

// The line that a place is in, and its number.
std::pair<std::string_view, std::ptrdiff_t> line_at(std::string_view text, std::size_t place) {
  const std::size_t begin = text.rfind('\n', place) + 1;  // 0 where there is none
  return {text.substr(begin, text.find('\n', place) - begin),
          1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(place), '\n')};
}

// Each file of settings that a run has of its own.
std::vector<fs::path> files_of_settings(const fs::path& run) {
  std::vector<fs::path> files;
  std::error_code unknown;
  for (const fs::path& folder : repository_folders(run)) {
    for (const char* name : kSettings) {
      if (fs::exists(folder / name, unknown)) files.push_back(folder / name);
    }
  }
  return files;
}

// ".git/config", where that is the one.
std::string shown(const fs::path& run, const fs::path& file) {
  const fs::path inside = file.lexically_relative(run);
  return visible((inside.empty() || *inside.begin() == ".." ? file : inside).string());
}

void expect_no_include(const fs::path& run, const fs::path& file) {
  std::error_code unknown;
  if (const auto size = fs::file_size(file, unknown); !unknown && size > kMostSettings)
    throw RunError(fmt::format("{}: {} is larger than {} bytes", visible(run.string()), shown(run, file),
                               kMostSettings));
  const auto settings = genome::base::content_of(file);
  const auto place = settings ? place_of_include(*settings) : std::nullopt;
  if (!place) return;
  const auto [line, number] = line_at(*settings, *place);
  throw RunError(
      fmt::format("{}: line {} of {} includes other files ({}), which are not read; remove "
                  "that section, or clone the run",
                  visible(run.string()), number, shown(run, file), visible(line, 200)));
}

[[noreturn]] void refuse_setting(const fs::path& run, const fs::path& file, std::string_view key,
                                 std::string_view what) {
  const std::string command =
      fmt::format("git config -f {} --unset-all {}", genome::base::shell_path(file), key);
  throw RunError(fmt::format("{}: {} in {} {}; nothing was written. {} makes this folder its own again",
                             visible(run.string()), key, shown(run, file), what,
                             genome::base::quoted_command(command)));
}

// None where git cannot make sense of it, which is told when the run is opened.
GitConfig settings_in(const fs::path& file) {
  git_config* raw = nullptr;
  return GitConfig(git_config_open_ondisk(&raw, file.c_str()) < 0 ? nullptr : raw);
}

// The value of a setting in the repository's own file, if it has one.
std::optional<std::string> setting(git_config* settings, const char* key) {
  if (settings == nullptr) return std::nullopt;
  git_buf value = GIT_BUF_INIT;
  const int code = git_config_get_string_buf(&value, settings, key);
  std::optional<std::string> found;
  if (code == 0) found = std::string(value.ptr, value.size);
  git_buf_dispose(&value);
  return found;
}

}  // namespace

void expect_no_links(const fs::path& run) {
  for (const char* name : kWritten) {
    std::error_code unknown;
    const fs::file_status there = fs::symlink_status(run / name, unknown);
    if (fs::is_symlink(there)) refuse_link(run, run / name);
    if (fs::exists(there) && !fs::is_regular_file(there))
      throw RunError(fmt::format("{}: {} is no regular file; nothing was written. Remove it",
                                 visible(run.string()), name));
  }
  expect_no_links_in_repository(run);
}

void expect_own_reading(const fs::path& run) {
  const std::vector<fs::path> files = files_of_settings(run);
  for (const fs::path& file : files) expect_no_include(run, file);
  std::error_code unknown;
  if (fs::is_directory(run / ".git", unknown) && fs::exists(run / ".git" / "commondir", unknown))
    throw RunError(
        fmt::format("{}: .git/commondir says that its objects are in another folder; clone the run",
                    visible(run.string())));
  for (const fs::path& file : files) {
    const GitConfig settings = settings_in(file);
    for (const char* key : {"core.attributesFile", "core.excludesFile"}) {
      if (const auto named = setting(settings.get(), key))
        refuse_setting(run, file, key, fmt::format("has a file elsewhere read ({})", visible(*named)));
    }
  }
}

void expect_own_settings(const fs::path& run) {
  for (const fs::path& file : files_of_settings(run)) {
    const GitConfig settings = settings_in(file);
    if (const auto elsewhere = setting(settings.get(), "core.worktree"))
      refuse_setting(run, file, "core.worktree",
                     fmt::format("puts its files into another folder ({})", visible(*elsewhere)));
    int bare = 0;
    if (settings != nullptr && git_config_get_bool(&bare, settings.get(), "core.bare") == 0 && bare != 0)
      refuse_setting(run, file, "core.bare", "says that it has no files");
  }
}

}  // namespace evo
