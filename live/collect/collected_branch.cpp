#include "live/collect/collected_branch.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "genome/base/text.hpp"

namespace live {
namespace {

using Json = nlohmann::json;

std::int64_t count_at(const Json& json, const char* name) {
  const Json& value = json.at(name);
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0)
    throw std::invalid_argument(std::string(name) + " is no count");
  return value.get<std::int64_t>();
}

}  // namespace

Spent& Spent::operator+=(const Spent& other) {
  requests += other.requests;
  lost_requests += other.lost_requests;
  prompt_tokens += other.prompt_tokens;
  cached_tokens += other.cached_tokens;
  branch_tokens += other.branch_tokens;
  look_tokens += other.look_tokens;
  lost_tokens += other.lost_tokens;
  unseen_tokens += other.unseen_tokens;
  money += other.money;
  return *this;
}

Json json_of(const Spent& spent) {
  return {{"requests", spent.requests},
          {"lost_requests", spent.lost_requests},
          {"prompt_tokens", spent.prompt_tokens},
          {"cached_tokens", spent.cached_tokens},
          {"branch_tokens", spent.branch_tokens},
          {"look_tokens", spent.look_tokens},
          {"lost_tokens", spent.lost_tokens},
          {"unseen_tokens", spent.unseen_tokens},
          {"money", spent.money}};
}

Spent spent_of(const Json& json) {
  Spent spent{.requests = count_at(json, "requests"),
              .lost_requests = count_at(json, "lost_requests"),
              .prompt_tokens = count_at(json, "prompt_tokens"),
              .cached_tokens = count_at(json, "cached_tokens"),
              .branch_tokens = count_at(json, "branch_tokens"),
              .look_tokens = count_at(json, "look_tokens"),
              .lost_tokens = count_at(json, "lost_tokens"),
              .unseen_tokens = count_at(json, "unseen_tokens"),
              .money = json.at("money").get<double>()};
  if (!std::isfinite(spent.money) || spent.money < 0) throw std::invalid_argument("money is no amount");
  return spent;
}

Json json_of(const CollectedBranch& branch) {
  Json looks = Json::array();
  for (const std::string& look : branch.looks) looks.push_back(genome::base::valid_utf8(look));
  return {{"question", branch.question},
          {"branch", branch.number},
          {"tokens", branch.tokens},
          {"text", genome::base::valid_utf8(branch.text)},
          {"looks", std::move(looks)},
          {"signals", branch.signals},
          {"reason", genome::base::valid_utf8(branch.reason)},
          {"cut", branch.cut},
          {"spent", json_of(branch.spent)}};
}

CollectedBranch branch_of(const Json& json) {
  CollectedBranch branch{.question = static_cast<std::size_t>(count_at(json, "question")),
                         .number = static_cast<std::size_t>(count_at(json, "branch")),
                         .tokens = count_at(json, "tokens"),
                         .text = json.at("text").get<std::string>(),
                         .looks = json.at("looks").get<std::vector<std::string>>(),
                         .signals = json.at("signals").get<std::map<std::string, std::vector<double>>>(),
                         .reason = json.at("reason").get<std::string>(),
                         .cut = json.at("cut").get<bool>(),
                         .spent = spent_of(json.at("spent"))};
  for (const auto& [name, numbers] : branch.signals) {
    if (numbers.size() != branch.looks.size() + 1)
      throw std::invalid_argument("signal " + name + " has not one number more than there are looks");
    for (const double number : numbers) {
      if (!std::isfinite(number)) throw std::invalid_argument("signal " + name + " holds no number");
    }
  }
  return branch;
}

}  // namespace live
