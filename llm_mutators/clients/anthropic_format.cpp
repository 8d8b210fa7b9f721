// The messages protocol of Anthropic.
#include <fmt/format.h>

#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/wire_format.hpp"
#include "net/json_pieces.hpp"

namespace llm_mutators {
namespace {

using Json = nlohmann::json;
using Outcome = Reply::Outcome;

class AnthropicFormat : public WireFormat {
 public:
  explicit AnthropicFormat(ModelParameters parameters) : parameters_(std::move(parameters)) {}

  std::string_view path() const override { return "/messages"; }

  std::vector<std::string> headers(const std::string& key) const override {
    std::vector<std::string> all = {"content-type: application/json", "accept: application/json",
                                    "anthropic-version: 2023-06-01"};
    if (!key.empty()) all.push_back("x-api-key: " + key);
    return all;
  }

  std::string body(const Prompt& prompt, const Refused& refused) const override {
    Json blocks = Json::array();
    if (!prompt.constant.empty()) {
      blocks.push_back({{"type", "text"},
                        {"text", genome::base::valid_utf8(prompt.constant)},
                        {"cache_control", {{"type", "ephemeral"}}}});
    }
    if (!prompt.rest.empty())
      blocks.push_back({{"type", "text"}, {"text", genome::base::valid_utf8(prompt.rest)}});
    Json json = settings(refused);
    json["messages"] = Json::array({{{"role", "user"}, {"content", blocks}}});
    return json.dump();
  }

  std::string parameters(const Refused& refused) const override { return settings(refused).dump(); }

  std::vector<std::string> optional_parameters(const Refused& refused) const override {
    std::vector<std::string> names;
    const Json sent = settings(refused);
    for (const char* name : {"temperature", "thinking", "output_config"}) {
      if (sent.contains(name)) names.emplace_back(name);
    }
    return names;
  }

  Answer read(const std::string& body) const override {
    const Json json = genome::base::read_json<Json>(body);
    if (!json.is_object()) return unreadable_answer(body);
    Answer answer;
    Reply& reply = answer.reply;
    reply.usage = usage_in(json);
    reply.served_by =
        genome::base::one_line(genome::base::beginning(net::text_of(net::piece(json, "model")), 200));
    const Json* content = net::piece(json, "content");
    if (content == nullptr || !content->is_array()) {
      reply.error = "the answer has no list of content";
      return answer;
    }
    for (const Json& block : *content) {
      if (net::text_of(net::piece(block, "type")) == "text")
        reply.text += net::text_of(net::piece(block, "text"));
    }
    judge(net::text_of(net::piece(json, "stop_reason")), reply);
    return answer;
  }

 private:
  // Thinking goes with no other temperature than 1.
  Json settings(const Refused& refused) const {
    Json json = {{"model", parameters_.model}, {"max_tokens", parameters_.output_tokens}};
    const bool thinks = parameters_.thinking_tokens && !refused.contains("thinking");
    if (thinks) json["thinking"] = {{"type", "enabled"}, {"budget_tokens", *parameters_.thinking_tokens}};
    if (parameters_.temperature && !thinks && !refused.contains("temperature"))
      json["temperature"] = *parameters_.temperature;
    if (!parameters_.effort.empty() && !refused.contains("output_config"))
      json["output_config"] = {{"effort", parameters_.effort}};
    return json;
  }

  // Anthropic counts input beside what was read from the cache or written into it.
  static net::Usage usage_in(const Json& json) {
    const Json* usage = net::piece(json, "usage");
    if (usage == nullptr) return {};
    net::Usage out{.cached_read = net::count_of(net::piece(*usage, "cache_read_input_tokens")),
                   .cache_write = net::count_of(net::piece(*usage, "cache_creation_input_tokens")),
                   .output = net::count_of(net::piece(*usage, "output_tokens"))};
    if (const auto fresh = net::count_of(net::piece(*usage, "input_tokens")))
      out.input = *fresh + out.cached_read.value_or(0) + out.cache_write.value_or(0);
    return out;
  }

  void judge(const std::string& why, Reply& reply) const {
    if (why == "refusal") {
      reply.outcome = Outcome::kRefused;
      reply.text.clear();
      reply.error = "the model declined";
    } else if (why == "max_tokens") {
      cut_reply(why, parameters_.output_tokens, "raise it, or lower thinking_tokens", reply);
    } else if (why == "model_context_window_exceeded" || why == "pause_turn") {
      reply.outcome = Outcome::kTruncated;
      reply.error = fmt::format("the reply was cut short ({})", why);
    } else {
      finish_reply(why, parameters_.output_tokens, reply);
    }
  }

  ModelParameters parameters_;
};

}  // namespace

std::unique_ptr<WireFormat> anthropic_format(ModelParameters parameters) {
  return std::make_unique<AnthropicFormat>(std::move(parameters));
}

}  // namespace llm_mutators
