#include "live/discovery/discovery.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "genome/base/text.hpp"
#include "live/discovery/asker.hpp"
#include "live/discovery/cancel_check.hpp"
#include "live/discovery/chat_check.hpp"
#include "net/json_pieces.hpp"

namespace live {
namespace {

using Json = nlohmann::json;
using genome::base::Fault;
using genome::base::visible;
using net::piece;
using net::text_of;

// Every model knows digits, and small ones may know little else.
constexpr const char* kText = "12+34-5";
constexpr int kFewTokens = 4, kTopCandidates = 20;
constexpr std::size_t kShownModels = 20;

class Discovery {
 public:
  Discovery(const Server& server, std::string model) : asker_(server) {
    can_.base = server.url;
    while (can_.base.ends_with('/')) can_.base.pop_back();
    can_.model = std::move(model);
  }

  Capabilities run() {
    find_models();
    choose_model();
    find_tokenizer();
    find_completions();
    if (can_.completions) find_ids_in();
    find_rendering();
    find_chat(asker_, can_);
    if (!can_.completions && !can_.chat) fail_useless();
    find_stream();
    find_n();
    find_seed();
    find_cancel(asker_, can_);
    can_.requests = asker_.requests();
    can_.tokens_in = asker_.tokens_in();
    can_.tokens_out = asker_.tokens_out();
    return std::move(can_);
  }

 private:
  [[noreturn]] void fail(const net::HttpResponse& response) const {
    throw UpstreamError(fault_of(response), failure_text(asker_.server(), response));
  }

  // The address may be given with "/v1" or without.
  void find_models() {
    Answer answer = asker_.get(can_.base + "/models");
    if (!answer.good() && !can_.base.ends_with("/v1") && answer.response.status != 401) {
      Answer below = asker_.get(can_.base + "/v1/models");
      if (below.good() || below.response.status == 401 || below.response.status == 403) {
        can_.base += "/v1";
        answer = std::move(below);
      }
    }
    can_.root = can_.base.ends_with("/v1") ? can_.base.substr(0, can_.base.size() - 3) : can_.base;
    const long status = answer.response.status;
    if (answer.good()) {
      read_models(answer.json);
    } else if (status != 404 && status != 405 && status != 501) {
      fail(answer.response);
    } else if (is_web_page(answer.response) && can_.model.empty()) {
      fail(answer.response);
    }
  }

  void read_models(const Json& json) {
    const Json* data = piece(json, "data");
    if (data == nullptr || !data->is_array()) return;
    for (const Json& each : *data) {
      const std::string id = text_of(piece(each, "id"));
      if (id.empty()) continue;
      can_.models.push_back(id);
      if (!can_.model.empty() && id != can_.model) continue;
      for (const char* key : {"max_model_len", "context_length", "context_window"}) {
        if (const auto length = net::count_of(piece(each, key)); length && *length > 0) can_.context = length;
      }
      if (const Json* meta = piece(each, "meta"); meta != nullptr && !can_.context)
        can_.context = net::count_of(piece(*meta, "n_ctx"));
    }
  }

  std::string models_text() const {
    std::vector<std::string> shown;
    for (const std::string& each : can_.models) shown.push_back(visible(each, 100));
    if (shown.size() > kShownModels) {
      shown.resize(kShownModels);
      shown.push_back(fmt::format("and {} more", can_.models.size() - kShownModels));
    }
    return fmt::format("{}", fmt::join(shown, ", "));
  }

  void choose_model() {
    if (!can_.model.empty()) return;
    const std::string url = visible(asker_.server().url, 200);
    if (can_.models.empty())
      throw UpstreamError(Fault::kInput, url +
                                             " does not list its models; is the address right (it usually "
                                             "ends in /v1)? --model names the one to ask");
    if (can_.models.size() > 1)
      throw UpstreamError(
          Fault::kInput,
          fmt::format("{} has several models; --model names the one to ask: {}", url, models_text()));
    can_.model = can_.models.front();
  }

  // A model that is not listed may still be served: a gateway has aliases, and some ignore the name.
  void check_model(const Answer& answer) const {
    const long status = answer.response.status;
    if (status == 401 || status == 403) fail(answer.response);
    const bool listed = can_.models.empty() || std::ranges::count(can_.models, can_.model) > 0;
    if (listed || (status != 404 && status != 400)) return;
    throw UpstreamError(Fault::kInput,
                        fmt::format("{} has no model \"{}\"; it has {}", visible(asker_.server().url, 200),
                                    visible(can_.model, 100), models_text()));
  }

  [[noreturn]] void fail_useless() {
    const Answer answer = asker_.post(can_.base + "/chat/completions", Json{{"model", can_.model}});
    if (!answer.good() && answer.response.status != 400 && answer.response.status != 422)
      fail(answer.response);
    throw UpstreamError(Fault::kInput,
                        fmt::format("{} answers, but completes neither prompts nor chats: {}",
                                    visible(asker_.server().url, 200), chat_refusal(asker_, can_)));
  }

  Json tokenize_body(bool beginning) const {
    return {{"model", can_.model},
            {"prompt", kText},
            {"content", kText},
            {"add_special_tokens", beginning},
            {"add_special", beginning}};
  }

  void find_tokenizer() {
    const Answer answer = asker_.post(can_.root + "/tokenize", tokenize_body(false));
    ids_ = answer.good() ? tokenizer_ids(answer.json) : std::vector<TokenId>();
    can_.tokenizer = !ids_.empty();
    if (!can_.tokenizer) return;
    if (!can_.context) can_.context = net::count_of(piece(answer.json, "max_model_len"));
    const Answer whole = asker_.post(can_.root + "/tokenize", tokenize_body(true));
    const std::vector<TokenId> with = whole.good() ? tokenizer_ids(whole.json) : std::vector<TokenId>();
    if (with.size() == ids_.size() + 1 && std::equal(ids_.begin(), ids_.end(), with.begin() + 1))
      can_.beginning = with.front();
    can_.detokenizer = detokenized(ids_) == kText;
    if (can_.detokenizer && can_.beginning) can_.beginning_text = detokenized({*can_.beginning});
  }

  std::string detokenized(const std::vector<TokenId>& ids) {
    const Answer answer = asker_.post(can_.root + "/detokenize", {{"model", can_.model}, {"tokens", ids}});
    if (!answer.good()) return {};
    const std::string text = text_of(piece(answer.json, "prompt"));
    return text.empty() ? text_of(piece(answer.json, "content")) : text;
  }

  Json completion(Json prompt, int tokens = kFewTokens) const {
    return {{"model", can_.model}, {"prompt", std::move(prompt)}, {"max_tokens", tokens}, {"temperature", 0}};
  }

  void find_completions() {
    Json body = completion(kText);
    body["logprobs"] = kTopCandidates;
    body["return_token_ids"] = true;
    const std::vector<std::string> optional = {"return_token_ids", "logprobs", "temperature"};
    const Answer answer = asker_.post(can_.base + "/completions", body, optional);
    check_model(answer);
    if (!answer.good()) return;
    const Reply reply = answer.reply();
    can_.completions = reply.choices > 0;
    can_.left_out = asker_.left_out();
    can_.server = reply.server;
    can_.usage = reply.usage.known();
    can_.logprobs = !reply.logprobs.empty();
    for (const auto& each : reply.top)
      can_.top_logprobs = std::max(can_.top_logprobs, static_cast<int>(each.size()));
    can_.ids_out = !reply.ids.empty() && reply.fault.empty();
    // A server may be told not to put a beginning before a text, and then have one token less.
    if (!can_.tokenizer || !reply.usage.input) return;
    can_.own_beginning = *reply.usage.input == static_cast<std::int64_t>(ids_.size()) + 1;
    if (!can_.own_beginning) return;
    Json without = completion(kText, 1);
    without["add_special_tokens"] = false;
    const Answer bare = asker_.post(can_.base + "/completions", without, {"add_special_tokens"});
    can_.beginning_may_be_left_out =
        bare.good() && bare.reply().usage.input == static_cast<std::int64_t>(ids_.size());
  }

  // The ids are taken as they are when there are as many tokens in the prompt as there are ids.
  void find_ids_in() {
    if (ids_.empty()) return;
    std::vector<TokenId> prompt = ids_;
    if (can_.beginning) prompt.insert(prompt.begin(), *can_.beginning);
    Json body = completion(prompt);
    body["return_token_ids"] = true;
    const Answer answer = asker_.post(can_.base + "/completions", body, {"return_token_ids"});
    if (!answer.good()) return;
    const Reply reply = answer.reply();
    const bool counted = reply.usage.input == static_cast<std::int64_t>(prompt.size());
    can_.ids_in = reply.choices == 1 && (counted || reply.prompt_ids == prompt);
  }

  void find_rendering() {
    const Json messages = Json::array({{{"role", "user"}, {"content", kText}}});
    if (can_.tokenizer) {
      const Answer answer =
          asker_.post(can_.root + "/tokenize",
                      {{"model", can_.model}, {"messages", messages}, {"add_generation_prompt", true}});
      const std::vector<TokenId> ids = answer.good() ? tokenizer_ids(answer.json) : std::vector<TokenId>();
      if (ids.size() > ids_.size() &&
          (!can_.detokenizer || detokenized(ids).find(kText) != std::string::npos)) {
        can_.rendering = Rendering::kIds;
        return;
      }
    }
    const Answer answer = asker_.post(can_.root + "/apply-template", {{"messages", messages}});
    if (answer.good() && text_of(piece(answer.json, "prompt")).find(kText) != std::string::npos)
      can_.rendering = Rendering::kText;
  }

  std::string path() const { return can_.base + (can_.completions ? "/completions" : "/chat/completions"); }

  Json question(int tokens) const {
    if (can_.completions) {
      Json body = completion(kText, tokens);
      for (const std::string& name : can_.left_out) body.erase(name);
      return body;
    }
    return chat_body(can_, tokens);
  }

  void find_stream() {
    Json body = question(kFewTokens);
    body["stream"] = true;
    body["stream_options"] = {{"include_usage", true}};
    if (can_.completions && can_.ids_out) body["return_token_ids"] = true;
    if (can_.completions && can_.logprobs) body["logprobs"] = 1;
    StreamReply reply;
    (void)asker_.stream(path(), body, reply, [](const StreamReply&) { return true; });
    can_.streams = reply.events() > 0 && reply.fault().empty();
    can_.stream_usage = can_.streams && reply.reply().usage.known();
    can_.comments = reply.comments();
    can_.tokens_in_largest_event = reply.reply().tokens_in_largest_event;
  }

  void find_n() {
    Json body = question(1);
    body["n"] = 2;
    const Answer answer = asker_.post(path(), body);
    if (!answer.good())
      can_.n = Seen::kRefused;
    else
      can_.n = answer.reply().choices == 2 ? Seen::kYes : Seen::kIgnored;
  }

  // The same seed twice, and another: eight tokens at a high temperature are hardly alike by chance.
  void find_seed() {
    std::vector<std::string> texts;
    for (const int seed : {7, 7, 8}) {
      Json body = question(8);
      if (body.contains("temperature")) body["temperature"] = 1.5;
      body["seed"] = seed;
      const Answer answer = asker_.post(path(), body);
      if (!answer.good()) {
        can_.seed = Seen::kRefused;
        return;
      }
      texts.push_back(answer.reply().thought + answer.reply().text);
    }
    if (texts[0] != texts[1])
      can_.seed = Seen::kIgnored;
    else if (texts[0] != texts[2])
      can_.seed = Seen::kYes;
  }

  Asker asker_;
  Capabilities can_;
  std::vector<TokenId> ids_;  // of the text, without a beginning
};

}  // namespace

Capabilities discover(const Server& server, const std::string& model) {
  return Discovery(server, model).run();
}

}  // namespace live
