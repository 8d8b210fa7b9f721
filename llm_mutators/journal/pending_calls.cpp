#include "llm_mutators/journal/pending_calls.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "genome/base/file.hpp"
#include "genome/base/json.hpp"
#include "net/json_pieces.hpp"

namespace llm_mutators {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kEnding = ".sent";
constexpr std::int64_t kMostCalls = 1'000'000;

int calls_in(const nlohmann::json& json, const char* key) {
  return static_cast<int>(std::min(net::count_of(net::piece(json, key)).value_or(0), kMostCalls));
}

PendingCall read_call(const std::string& digest, const std::string& text) {
  const nlohmann::json json = genome::base::read_json(text);
  const nlohmann::json* money = net::piece(json, "money");
  if (net::text_of(net::piece(json, "digest")) != digest || money == nullptr || !money->is_number())
    return {.digest = digest, .lost = 1};
  return {.digest = digest,
          .worst = {.money = money->get<double>(),
                    .input = net::count_of(net::piece(json, "input")).value_or(0),
                    .output = net::count_of(net::piece(json, "output")).value_or(0)},
          .lost = calls_in(json, "lost"),
          .under_way = calls_in(json, "under_way")};
}

}  // namespace

fs::path PendingCalls::path_of(const std::string& digest) const { return folder_ / (digest + kEnding); }

PendingCall PendingCalls::known(const std::string& digest) const {
  const auto text = genome::base::content_of(path_of(digest));
  return text ? read_call(digest, *text) : PendingCall{.digest = digest};
}

void PendingCalls::write(const PendingCall& call) const {
  const Json json = {{"digest", call.digest},     {"money", call.worst.money},
                     {"input", call.worst.input}, {"output", call.worst.output},
                     {"lost", call.lost},         {"under_way", call.under_way}};
  genome::base::write_durably_with_folders(path_of(call.digest), json.dump() + "\n");
}

void PendingCalls::sending(const std::string& digest, const net::Amount& worst) const {
  const PendingCall before = known(digest);
  write({.digest = digest, .worst = worst, .lost = before.lost + before.under_way, .under_way = 1});
}

void PendingCalls::sending_again(const std::string& digest) const {
  PendingCall call = known(digest);
  ++call.under_way;
  write(call);
}

void PendingCalls::heard(const std::string& digest, int unrecorded) const {
  PendingCall call = known(digest);
  call.under_way = unrecorded;
  if (call.lost > 0 || call.under_way > 0) return write(call);
  std::error_code ignored;  // what stays is found to be over by its record
  fs::remove(path_of(digest), ignored);
}

std::vector<PendingCall> PendingCalls::all() const {
  std::vector<PendingCall> found;
  std::error_code ignored;  // no folder: nothing was ever sent
  for (fs::directory_iterator entry(folder_, ignored), end; entry != end; entry.increment(ignored)) {
    const fs::path& path = entry->path();
    if (path.extension() != kEnding) continue;
    if (const auto text = genome::base::content_of(path))
      found.push_back(read_call(path.stem().string(), *text));
  }
  std::sort(found.begin(), found.end(),
            [](const PendingCall& a, const PendingCall& b) { return a.digest < b.digest; });
  return found;
}

}  // namespace llm_mutators
