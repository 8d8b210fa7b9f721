// The chat completions protocol.
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/wire_format.hpp"
#include "net/json_pieces.hpp"

namespace llm_mutators {
namespace {

using Json = nlohmann::json;
using Outcome = Reply::Outcome;

constexpr std::uint64_t kSeeds = 2'147'483'647;  // what every server takes

class OpenAiFormat : public WireFormat {
 public:
  explicit OpenAiFormat(ModelParameters parameters) : parameters_(std::move(parameters)) {}

  std::string_view path() const override { return "/chat/completions"; }

  std::vector<std::string> headers(const std::string& key) const override {
    std::vector<std::string> all = {"content-type: application/json", "accept: application/json"};
    if (!key.empty()) all.push_back("authorization: Bearer " + key);
    return all;
  }

  std::string body(const Prompt& prompt, const Refused& refused) const override {
    Json json = settings(refused);
    json["messages"] =
        Json::array({{{"role", "user"}, {"content", genome::base::valid_utf8(prompt.text())}}});
    if (parameters_.seeded && !refused.contains("seed")) json["seed"] = prompt.seed % kSeeds;
    return json.dump();
  }

  std::string parameters(const Refused& refused) const override { return settings(refused).dump(); }

  std::vector<std::string> optional_parameters(const Refused& refused) const override {
    std::vector<std::string> names = {limit_name(refused)};
    if (parameters_.temperature) names.emplace_back("temperature");
    if (!parameters_.effort.empty()) names.emplace_back("reasoning_effort");
    if (parameters_.seeded) names.emplace_back("seed");
    std::erase_if(names, [&](const std::string& name) { return refused.contains(name); });
    return names;
  }

  Answer read(const std::string& body) const override {
    const Json json = genome::base::read_json<Json>(body);
    if (!json.is_object()) return unreadable_answer(body);
    Answer answer;
    answer.reply.usage = net::usage_in(json);
    answer.reply.served_by = served_by(json);
    const Json* choices = net::piece(json, "choices");
    if (choices == nullptr || !choices->is_array() || choices->empty())
      return failed(std::move(answer), "the answer has no choices");
    read_choice(choices->front(), answer.reply);
    return answer;
  }

 private:
  // Old servers know only max_tokens, reasoning models only max_completion_tokens: when one is refused, the
  // other is asked for, so that there always is a limit.
  std::string limit_name(const Refused& refused) const {
    const bool newest = refused.contains("max_tokens") ||
                        (parameters_.newest_limit && !refused.contains("max_completion_tokens"));
    return newest ? "max_completion_tokens" : "max_tokens";
  }

  Json settings(const Refused& refused) const {
    Json json = {{"model", parameters_.model}, {limit_name(refused), parameters_.output_tokens}};
    if (parameters_.temperature && !refused.contains("temperature"))
      json["temperature"] = *parameters_.temperature;
    if (!parameters_.effort.empty() && !refused.contains("reasoning_effort"))
      json["reasoning_effort"] = parameters_.effort;
    return json;
  }

  static Answer failed(Answer answer, std::string what) {
    answer.reply.outcome = Outcome::kFailed;
    answer.reply.error = std::move(what);
    return answer;
  }

  static std::string served_by(const Json& json) {
    std::string by = net::text_of(net::piece(json, "model"));
    const std::string build = net::text_of(net::piece(json, "system_fingerprint"));
    if (!build.empty()) by += (by.empty() ? "" : " ") + build;
    return genome::base::one_line(genome::base::beginning(by, 200));
  }

  // A text, or a list of parts of which those of type "text" count.
  static std::string content_text(const Json* content) {
    if (content == nullptr || !content->is_array()) return net::text_of(content);
    std::string all;
    for (const Json& part : *content) {
      if (net::text_of(net::piece(part, "type")) == "text") all += net::text_of(net::piece(part, "text"));
    }
    return all;
  }

  void read_choice(const Json& choice, Reply& reply) const {
    const Json* message = net::piece(choice, "message");
    const std::string why = net::text_of(net::piece(choice, "finish_reason"));
    const Json* content = message == nullptr ? nullptr : net::piece(*message, "content");
    reply.text = content_text(content);
    const std::string refusal = message == nullptr ? "" : net::text_of(net::piece(*message, "refusal"));
    if (!refusal.empty() || why == "content_filter") {
      reply.outcome = Outcome::kRefused;
      reply.text.clear();
      reply.error = "the model declined: " +
                    genome::base::one_line(genome::base::beginning(refusal.empty() ? why : refusal, 300));
    } else if (why == "length") {
      cut_reply(why, parameters_.output_tokens, "raise it, or ask for less thinking by effort", reply);
    } else if (content != nullptr && !content->is_string() && !content->is_array()) {
      reply.outcome = Outcome::kFailed;
      reply.error = "the answer's content is neither text nor a list of parts";
    } else {
      finish_reply(why, parameters_.output_tokens, reply);
    }
  }

  ModelParameters parameters_;
};

}  // namespace

std::unique_ptr<WireFormat> openai_format(ModelParameters parameters) {
  return std::make_unique<OpenAiFormat>(std::move(parameters));
}

}  // namespace llm_mutators
