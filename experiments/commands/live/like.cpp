#include "experiments/commands/live/like.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "experiments/commands/live/collect_options.hpp"
#include "experiments/console/usage_error.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "replay/environment/reader.hpp"

namespace experiments {
namespace {

using genome::base::visible;
using Json = nlohmann::json;

constexpr std::size_t kMostStops = 64;

// Members of an object, each of which must be there and of its kind.
class Members {
 public:
  Members(const Json& json, std::string path) : json_(json), path_(std::move(path)) {}

  std::string number(const char* name) const {
    const Json& value = of(name);
    if (!value.is_number()) wrong(name, "a number");
    return value.dump();
  }
  std::string text(const char* name) const {
    const Json& value = of(name);
    if (!value.is_string()) wrong(name, "a text");
    return value.get<std::string>();
  }
  bool flag(const char* name) const {
    const Json& value = of(name);
    if (!value.is_boolean()) wrong(name, "true or false");
    return value.get<bool>();
  }
  std::vector<std::string> texts(const char* name) const {
    const Json& value = of(name);
    const auto is_text = [](const Json& each) { return each.is_string(); };
    if (!value.is_array() || value.size() > kMostStops || !std::ranges::all_of(value, is_text))
      wrong(name, fmt::format("a list of at most {} texts", kMostStops));
    return value.get<std::vector<std::string>>();
  }
  std::vector<std::string> pairs(const char* name) const {
    const Json& value = of(name);
    if (!value.is_object()) wrong(name, "an object");
    std::vector<std::string> all;
    for (const auto& [key, of_key] : value.items()) {
      if (!of_key.is_number()) wrong(name, "an object of numbers");
      all.push_back(key + "=" + of_key.dump());
    }
    return all;
  }
  Members members(const char* name) const {
    const Json& value = of(name);
    if (!value.is_object()) wrong(name, "an object");
    return {value, path_ + name + "."};
  }

 private:
  const Json& of(const char* name) const {
    const auto found = json_.find(name);
    if (found == json_.end()) throw UsageError(fmt::format("{}{} is missing", path_, name));
    return *found;
  }
  [[noreturn]] void wrong(const char* name, const std::string& right) const {
    throw UsageError(fmt::format("{}{} must be {}", path_, name, right));
  }

  const Json& json_;
  std::string path_;
};

// As the options of the same names would be written.
CollectArguments arguments_of(const Members& collected) {
  const Members sampling = collected.members("sampling");
  CollectArguments arguments;
  arguments.interval = collected.number("interval");
  arguments.max_tokens = collected.number("max_tokens");
  arguments.look_tokens = collected.number("look_tokens");
  arguments.task = collected.text("task");
  arguments.look_task = collected.text("look_task");
  arguments.look_suffix = collected.text("look_suffix");
  arguments.end_of_thought = collected.text("end_of_thought");
  arguments.prompt = collected.text("prompt");
  arguments.system = collected.text("system");
  arguments.raw = collected.flag("raw");
  arguments.temperature = sampling.number("temperature");
  arguments.top_p = sampling.number("top_p");
  arguments.top_k = sampling.number("top_k");
  arguments.min_p = sampling.number("min_p");
  arguments.logit_bias = sampling.pairs("logit_bias");
  arguments.stop = sampling.texts("stop");
  return arguments;
}

}  // namespace

Like like_of(const replay::Environment& environment, const std::string& file) {
  const Json collected = genome::base::read_json(environment.collected);
  Like like;
  try {
    like.settings = read_settings(arguments_of({collected, ""}));
    (void)live::ReadingTask(like.settings.words);
  } catch (const genome::base::Error& error) {
    throw UsageError(fmt::format("{}: its object collected: {}", visible(file), visible(error.what())));
  }
  for (const replay::Question& question : environment.questions) {
    like.branches = std::max(like.branches, question.branches.size());
    if (question.interval != like.settings.interval)
      throw UsageError(fmt::format("{}: its object collected: interval is {}, but {} in a question",
                                   visible(file), like.settings.interval, question.interval));
  }
  const auto text_of = [&](const char* name) {
    const auto found = collected.find(name);
    return found != collected.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  like.model = text_of("model");
  like.template_text = text_of("template");
  return like;
}

Like read_like(const std::string& file) {
  const replay::Environment environment = replay::read_environment(file);
  if (environment.collected.empty())
    throw UsageError(
        fmt::format("{}: does not tell how it was recorded, as what evotts collect writes does; "
                    "give --interval, --max-tokens and --task instead of --like",
                    visible(file)));
  return like_of(environment, file);
}

}  // namespace experiments
