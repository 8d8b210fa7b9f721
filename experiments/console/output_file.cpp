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

}  // namespace experiments
