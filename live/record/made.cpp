#include "live/record/made.hpp"

#include <nlohmann/json.hpp>

#include "genome/base/text.hpp"

namespace live {

using genome::base::valid_utf8;

nlohmann::json made_json(const CollectSettings& settings, const ReadingTask& task, const Capabilities& can) {
  nlohmann::json json = settings_json(settings, task, can, {});
  json.erase("questions");  // those of clients
  json.erase("seed");       // one for each episode
  json["server"] = valid_utf8(can.server);
  json["context"] = can.context ? nlohmann::json(*can.context) : nlohmann::json();
  json["task"] = valid_utf8(task.task());
  json["look_task"] = valid_utf8(task.look_task());
  return json;
}

}  // namespace live
