#include "experiments/config/model_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <string>
#include <utility>

#include "experiments/config/model_keys.hpp"
#include "experiments/config/toml_text.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/prompts/templates.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostTable = 1U << 20U;
constexpr std::size_t kMostTemplate = 20'000;

std::map<std::string, net::Price> prices_in(const std::string& file) {
  toml::table table;
  try {
    table = read_toml(read_text(file, kMostTable));
  } catch (const toml::parse_error& error) {
    throw UsageError(fmt::format("{}:{}: not valid TOML: {}", file, error.source().begin.line,
                                 genome::base::visible(error.description())));
  }
  std::map<std::string, net::Price> prices;
  for (const auto& [name, node] : table) {
    const std::string where = fmt::format("{}:{}: prices of \"{}\"", file, node.source().begin.line,
                                          genome::base::visible(name.str(), 60));
    const toml::table* given = node.as_table();
    if (given == nullptr)
      throw UsageError(where + " must be a table of input, cached_read, cache_write, output");
    std::vector<Field> fields;
    for (const auto& [kind, value] : *given) {
      Value number{Value::Other{}};
      if (const auto real = value.value<double>(); real && value.is_number()) number.held = *real;
      fields.push_back({std::string(kind.str()), number});
    }
    net::Price price;
    if (const auto fault = read_price({fields}, price)) throw UsageError(where + ": " + *fault);
    prices[std::string(name.str())] = price;
  }
  return prices;
}

void take_template(const fs::path& folder, const char* name, std::string& text) {
  const fs::path file = folder / (std::string(name) + ".txt");
  if (!text.empty() || !fs::exists(file)) return;
  text = read_text(file.string(), kMostTemplate);
  if (const auto fault = llm_mutators::template_fault(name, text))
    throw UsageError(fmt::format("{}: {}", genome::base::visible(file.string()), *fault));
}

}  // namespace

void freeze_model_files(evo::Experiment& experiment) {
  if (!experiment.model_prices.empty()) {
    const auto prices = prices_in(experiment.model_prices);
    for (evo::ModelSpec& spec : experiment.models) {
      for (const std::string& name : {spec.name, spec.model}) {
        if (const auto at = prices.find(name); !spec.price && at != prices.end()) spec.price = at->second;
        settle_price(spec);
      }
    }
    experiment.model_prices.clear();
  }
  if (experiment.model_template_folder.empty()) return;
  const fs::path folder = experiment.model_template_folder;
  if (!fs::is_directory(folder))
    throw UsageError(fmt::format("model.templates: there is no folder \"{}\"",
                                 genome::base::visible(folder.string(), 100)));
  using T = evo::ModelTemplates;
  constexpr std::pair<const char*, std::string T::*> kAll[] = {
      {"task", &T::task},   {"rules", &T::rules},   {"mutate", &T::mutate},
      {"cross", &T::cross}, {"invent", &T::invent}, {"repair", &T::repair}};
  for (const auto& [name, text] : kAll) {
    take_template(folder, name, experiment.model_templates.*text);
    for (evo::Experiment& island : experiment.island_tables) {
      const bool own = std::ranges::count(island.own_keys, fmt::format("prompts.{}", name)) > 0;
      if (!own) island.model_templates.*text = experiment.model_templates.*text;
    }
  }
  experiment.model_template_folder.clear();
}

}  // namespace experiments
