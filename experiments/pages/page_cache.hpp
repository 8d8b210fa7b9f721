// page_cache.hpp: what episodes told of a run, kept for the next page of it.
// Why:      running a run's controllers again takes up to a minute, and the same tree gives the same figures.
// Use:      const PageCache cache(key);
//           if (auto kept = cache.read()) use(*kept);   else cache.keep(made);
// How:      a file in the user's folder of caches (XDG_CACHE_HOME, else ~/.cache), named by a digest of the
//           key; no more than kMostKept of them stay.
// Promises: what is damaged, or too large, reads as nothing. Where nothing can be kept, nothing is.
// Threads:  reads and writes files; any.
// Tests:    tests/experiments/pages/report_test.cpp
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include "experiments/pages/page_json.hpp"

namespace experiments {

class PageCache {
 public:
  static constexpr std::size_t kMostKept = 64;

  // `key` has everything that the data depend on.
  explicit PageCache(std::string_view key);

  std::optional<PageJson> read() const;
  void keep(const PageJson& data) const;

 private:
  std::filesystem::path file_;  // empty: there is no folder for it
};

}  // namespace experiments
