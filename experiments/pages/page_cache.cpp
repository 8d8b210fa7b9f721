#include "experiments/pages/page_cache.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "genome/base/digest.hpp"
#include "genome/base/error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/json.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;

fs::path cache_folder() {
  const auto variable = [](const char* name) -> fs::path {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const fs::path cache = variable("XDG_CACHE_HOME"); cache.is_absolute())
    return cache / "evotts" / "pages";
  if (const fs::path home = variable("HOME"); home.is_absolute()) return home / ".cache" / "evotts" / "pages";
  return {};
}

// The oldest files go.
void prune(const fs::path& folder, std::size_t most) {
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.emplace_back(entry.last_write_time(error), entry.path());
  }
  std::ranges::sort(files, std::greater<>{});
  for (std::size_t i = most; i < files.size(); ++i) fs::remove(files[i].second, error);
}

}  // namespace

PageCache::PageCache(std::string_view key) {
  const fs::path folder = cache_folder();
  if (!folder.empty()) file_ = folder / (genome::base::sha1_hex(key) + ".json");
}

std::optional<PageJson> PageCache::read() const {
  if (file_.empty()) return std::nullopt;
  const auto text = genome::base::content_of(file_);
  if (!text) return std::nullopt;
  auto json = genome::base::read_json<PageJson>(*text);
  return json.is_object() ? std::optional(std::move(json)) : std::nullopt;
}

void PageCache::keep(const PageJson& data) const {
  if (file_.empty()) return;
  try {
    genome::base::write_durably_with_folders(file_,
                                             data.dump(-1, ' ', true, PageJson::error_handler_t::replace));
    prune(file_.parent_path(), kMostKept);
  } catch (const genome::base::Error&) {
    return;  // the page is made all the same
  }
}

}  // namespace experiments
