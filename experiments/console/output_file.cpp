#include "experiments/console/output_file.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <system_error>

#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"

namespace experiments {

void expect_folder_of(const std::string& file) {
  namespace fs = std::filesystem;
  using genome::base::visible;
  std::error_code unknown;
  const fs::path folder = fs::path(file).parent_path();
  if (folder.empty() || fs::is_directory(folder, unknown)) return;
  const std::string shown = visible(folder.string());
  if (fs::exists(folder, unknown))
    throw UsageError(fmt::format("-o {}: {} is not a folder", visible(file), shown));
  throw UsageError(fmt::format("-o {}: the folder {} does not exist", visible(file), shown));
}

void expect_new_file(const std::string& file, bool force) {
  namespace fs = std::filesystem;
  std::error_code unknown;
  const std::string shown = genome::base::visible(file);
  if (file.empty()) throw UsageError("-o must name a file, or be - for standard output");
  if (fs::is_directory(file, unknown)) throw UsageError(fmt::format("-o {}: is a folder, not a file", shown));
  const bool exists = fs::exists(file, unknown);
  if (exists && !fs::is_regular_file(file, unknown)) {
    throw UsageError(fmt::format("-o {}: is no ordinary file; use -o - for standard output", shown));
  }
  if (exists && !force)
    throw UsageError(fmt::format("-o {}: exists already; add --force to replace it", shown));
  expect_folder_of(file);
}

}  // namespace experiments
