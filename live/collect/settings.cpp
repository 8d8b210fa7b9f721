#include "live/collect/settings.hpp"

#include <nlohmann/json.hpp>

#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"

namespace live {
namespace {

using genome::base::valid_utf8;
using Json = nlohmann::json;

// Tells the questions and their order, with nothing that could be mistaken for a part of another.
std::string digest_of(const std::vector<CollectQuestion>& questions) {
  std::string all;
  for (const CollectQuestion& each : questions)
    all += std::to_string(each.text.size()) + ":" + each.text + std::to_string(each.gold.size()) + ":" +
           each.gold;
  return genome::base::sha1_hex(all);
}

Json json_of(const Sampling& sampling) {
  Json bias = Json::object();
  for (const auto& [token, value] : sampling.logit_bias) bias[std::to_string(token)] = value;
  Json stop = Json::array();
  for (const std::string& each : sampling.stop) stop.push_back(valid_utf8(each));
  return {{"temperature", sampling.temperature},
          {"top_p", sampling.top_p},
          {"top_k", sampling.top_k},
          {"min_p", sampling.min_p},
          {"logit_bias", bias},
          {"stop", stop}};
}

}  // namespace

Question question_of(const CollectSettings& settings, const ReadingTask& task, const std::string& text) {
  Question question;
  if (settings.raw) {
    question.text = settings.system + task.prompt_of(text);
    return question;
  }
  if (!settings.system.empty()) question.messages.push_back({"system", settings.system});
  question.messages.push_back({"user", task.prompt_of(text)});
  return question;
}

Json settings_json(const CollectSettings& settings, const ReadingTask& task, const Capabilities& can,
                   const std::vector<CollectQuestion>& questions) {
  return {{"model", valid_utf8(can.model)},
          {"grade", name_of(grade_of(can))},
          {"interval", settings.interval},
          {"max_tokens", settings.most_tokens},
          {"look_tokens", settings.look_tokens},
          {"look_suffix", valid_utf8(task.suffix())},
          {"end_of_thought", valid_utf8(settings.end_of_thought)},
          {"prompt", valid_utf8(task.prompt())},
          {"system", valid_utf8(settings.system)},
          {"raw", settings.raw},
          {"sampling", json_of(settings.sampling)},
          {"seed", settings.seed},
          {"questions", digest_of(questions)}};
}

Json collected_json(const CollectSettings& settings, const ReadingTask& task, const Capabilities& can,
                    const std::vector<CollectQuestion>& questions, const Made& made) {
  Json json = settings_json(settings, task, can, questions);
  json["server"] = valid_utf8(can.server);
  json["context"] = can.context ? Json(*can.context) : Json();
  json["branches"] = settings.branches;
  json["task"] = valid_utf8(task.task());
  json["look_task"] = valid_utf8(task.look_task());
  json["template"] = valid_utf8(made.template_text);
  json["cut"] = made.cut;
  json["date"] = made.date;
  json["program"] = made.program;
  json["spent"] = json_of(made.spent);
  return json;
}

}  // namespace live
