#include "experiments/reports/lineage_ideas.hpp"

#include <nlohmann/json.hpp>

#include "evo/record/run_files.hpp"
#include "experiments/config/model_keys.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "net/json_pieces.hpp"

namespace experiments {
namespace {

constexpr std::size_t kMostModel = 60, kMostHypothesis = 400;

std::string shown(std::string_view text, std::size_t most) {
  return genome::base::one_line(genome::base::beginning(text, most));
}

}  // namespace

LineageIdeas::LineageIdeas(const RunAt& at) : at_(at) {
  for (const evo::ModelSpec& spec : all_models(experiment_in(at))) names_.push_back(spec.name);
}

std::optional<Idea> LineageIdeas::of(const evo::Born& born) const {
  const std::string& exchange = born.birth.exchange;
  if (exchange.empty()) return std::nullopt;
  return Idea{.model = shown(model_in(exchange), kMostModel),
              .hypothesis = shown(born.birth.hypothesis, kMostHypothesis),
              .exchange = shown(exchange, kMostModel)};
}

// A record names its client by the model's name, then how it was asked.
std::string LineageIdeas::model_in(const std::string& exchange) const {
  if (exchange.find_first_not_of("0123456789abcdef") != std::string::npos) return {};
  const auto record = at_.repository.read(evo::journal_path(exchange), at_.revision);
  if (!record) return {};
  const auto json = genome::base::read_json(*record);
  const std::string client = net::text_of(net::piece(json, "client"));
  std::string model;
  for (const std::string& name : names_) {
    const bool named = client == name || client.starts_with(name + " ");
    if (named && name.size() > model.size()) model = name;
  }
  return model.empty() ? client : model;
}

}  // namespace experiments
