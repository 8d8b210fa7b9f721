// played_model.hpp: a very small language model, with the interface of this server or that.
// Why:      servers of tests differ in how they are reached, and not in what they say.
// Use:      const PlayedModel model(vllm_like());   const Play play = model.play(seen);
// Promises: a token is a byte; 256 is the beginning, which the template writes as "<s>". Behind "T:" it
//           says kSays, from where the prompt has got to, and ends; behind "!" it says "41". Requests that it
//           does not know get status 404 or 400, as the traits say.
// Threads:  immutable.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace tests {

inline const std::string kSays = "12+34=46;46-5=41;#41";

// What a server has of what there is.
struct Traits {
  std::vector<std::string> models = {"small"};
  bool completions = true, chat = true;
  bool text_gets_beginning = true;  // unless the request says otherwise
  bool takes_ids = true;
  std::string ids_in = "token_ids";  // the member of a choice; "logprobs": beside these; or none
  enum class Logprobs { kNone, kLists, kEntries } logprobs = Logprobs::kLists;
  int most_candidates = 20;
  std::string tokenizer = "prompt";                     // or "content", as llama.cpp calls the text; or none
  std::string rendering = "ids";                        // or "text", or none
  std::string continued_by = "continue_final_message";  // "last": any last message; "refused"; or none
  std::string limit;                                    // the only name that is taken; any when empty
  std::string thought_field;
  std::size_t tokens_per_event = 1;
  bool streams = true, stream_usage = true, usage = true, comments = false;
  bool n = true, metrics = false;
  std::vector<std::string> refused;  // parameters that are an error
  std::string key;
};

inline Traits vllm_like() { return {.metrics = true}; }

inline Traits llama_like() {
  Traits traits;
  traits.ids_in = "logprobs";
  traits.logprobs = Traits::Logprobs::kEntries;
  traits.tokenizer = "content";
  traits.rendering = "text";
  traits.continued_by = "last";
  traits.thought_field = "reasoning_content";
  return traits;
}

// A hosted service: chats alone, with thoughts apart.
inline Traits hosted_like() {
  Traits traits;
  traits.models = {"large", "small"};
  traits.completions = false;
  traits.ids_in = traits.tokenizer = traits.rendering = traits.continued_by = "";
  traits.logprobs = Traits::Logprobs::kNone;
  traits.limit = "max_completion_tokens";
  traits.thought_field = "reasoning";
  traits.comments = true;
  traits.n = false;
  traits.refused = {"return_token_ids", "logprobs", "temperature"};
  traits.key = "sk-test-0123456789";
  return traits;
}

// Text in and text out, and no more of the rest than must be.
inline Traits plain_like() {
  Traits traits;
  traits.takes_ids = traits.n = traits.text_gets_beginning = false;
  traits.ids_in = traits.tokenizer = traits.rendering = traits.continued_by = "";
  traits.logprobs = Traits::Logprobs::kNone;
  return traits;
}

class PlayedModel {
 public:
  explicit PlayedModel(Traits traits) : traits_(std::move(traits)) {}

  Play play(const Seen& seen) const {
    if (!traits_.key.empty() && seen.headers.count("authorization") == 0) return error_answer(401, "no key");
    if (seen.path == "/v1/models") return models();
    const Json json = seen.json();
    if (!json.is_object()) return error_answer(404, "not found");
    if (const std::string model = json.value("model", "");
        !model.empty() && std::ranges::count(traits_.models, model) == 0)
      return error_answer(404, "The model `" + model + "` does not exist.");
    for (const std::string& name : traits_.refused) {
      if (json.contains(name)) return error_answer(400, "Unsupported parameter: '" + name + "'.", "", name);
    }
    if (seen.path == "/tokenize" && !traits_.tokenizer.empty()) return tokenize(json);
    if (seen.path == "/detokenize" && !traits_.tokenizer.empty())
      return {.body = Json{{traits_.tokenizer, text_of(json["tokens"].get<Ids>())}}.dump()};
    if (seen.path == "/apply-template" && traits_.rendering == "text")
      return {.body = Json{{"prompt", rendered(json["messages"], true)}}.dump()};
    if (seen.path == "/v1/completions" && traits_.completions) return complete(json);
    if (seen.path == "/v1/chat/completions" && traits_.chat) return chat(json);
    return error_answer(404, "not found");
  }

  // What the model says behind a prompt, as far as it may.
  static std::string reply_to(const std::string& prompt) {
    if (prompt.ends_with("!")) return "41";
    const std::size_t mark = prompt.rfind("T:");
    const std::string said = mark == prompt.npos ? "" : prompt.substr(mark + 2);
    return said.size() < kSays.size() && kSays.starts_with(said) ? kSays.substr(said.size()) : "";
  }

 private:
  using Ids = std::vector<int>;
  static constexpr int kBeginning = 256;

  Play models() const {
    Json data = Json::array();
    for (const std::string& each : traits_.models) data.push_back({{"id", each}, {"max_model_len", 1000}});
    return {.body = Json{{"object", "list"}, {"data", data}}.dump()};
  }

  static Ids ids_of(const std::string& text) {
    Ids ids;
    std::size_t at = 0;
    if (text.starts_with("<s>")) {
      ids.push_back(kBeginning);
      at = 3;
    }
    for (; at < text.size(); ++at) ids.push_back(static_cast<unsigned char>(text[at]));
    return ids;
  }
  static std::string text_of(const Ids& ids) {
    std::string text;
    for (const int id : ids)
      text += id == kBeginning ? std::string("<s>") : std::string(1, static_cast<char>(id));
    return text;
  }
  static Ids with_beginning(Ids ids) {
    ids.insert(ids.begin(), kBeginning);
    return ids;
  }

  // The assistant's last message is left open where it is to be continued.
  static std::string rendered(const Json& messages, bool open) {
    std::string text = "<s>";
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const std::string content = messages[i].value("content", "");
      if (messages[i].value("role", "") == "user")
        text += "Q:" + content + "\nT:";
      else
        text += content + (open && i + 1 == messages.size() ? "" : "<end>\nT:");
    }
    return text;
  }

  Play tokenize(const Json& json) const {
    if (json.contains("messages")) {
      if (traits_.rendering != "ids") return error_answer(400, "messages are not known");
      return {.body = Json{{"tokens", ids_of(rendered(json["messages"], false))}}.dump()};
    }
    Ids ids = ids_of(json.value(traits_.tokenizer, ""));
    const bool special = traits_.tokenizer == "prompt" ? json.value("add_special_tokens", true)
                                                       : json.value("add_special", false);
    return {.body = Json{{"tokens", special ? with_beginning(ids) : ids}}.dump()};
  }

  Play complete(const Json& json) const {
    Ids ids;
    if (json["prompt"].is_array()) {
      if (!traits_.takes_ids) return error_answer(400, "prompt must be a text");
      ids = json["prompt"].get<Ids>();
    } else {
      ids = ids_of(json.value("prompt", ""));
      if (traits_.text_gets_beginning && json.value("add_special_tokens", true)) ids = with_beginning(ids);
    }
    if (json.contains("logprobs") && json["logprobs"].get<int>() > traits_.most_candidates)
      return error_answer(400, "logprobs is too large", "", "logprobs");
    return answer(json, text_of(ids), ids.size(), json.value("max_tokens", 16), false);
  }

  Play chat(const Json& json) const {
    const Json& messages = json["messages"];
    if (!messages.is_array() || messages.empty()) return error_answer(400, "messages are missing");
    const bool last = messages.back().value("role", "") == "assistant";
    if (last && traits_.continued_by == "refused")
      return error_answer(400, "Assistant response prefill is incompatible with enable_thinking");
    for (const char* name : {"max_tokens", "max_completion_tokens"}) {
      if (!traits_.limit.empty() && traits_.limit != name && json.contains(name))
        return error_answer(400, fmt::format("Unsupported parameter: '{}'.", name), "", name);
    }
    const bool open =
        last && (traits_.continued_by == "last" ||
                 (json.contains(traits_.continued_by) && !json.value("add_generation_prompt", true)) ||
                 messages.back().contains(traits_.continued_by));
    const std::string prompt = rendered(messages, open);
    const int limit = json.value("max_tokens", json.value("max_completion_tokens", 16));
    return answer(json, prompt, ids_of(prompt).size(), limit, true);
  }

  Play answer(const Json& json, const std::string& prompt, std::size_t prompt_tokens, int limit,
              bool is_chat) const {
    std::string text = reply_to(prompt);
    const bool cut = text.size() > static_cast<std::size_t>(limit);
    if (cut) text.resize(static_cast<std::size_t>(limit));
    const bool endless = json.value("ignore_eos", false);  // a long reply, for as long as anybody listens
    const std::string finish = cut ? "length" : "stop";
    const Json usage = {{"prompt_tokens", prompt_tokens},
                        {"completion_tokens", text.size() + (cut ? 0 : 1)}};  // its end counts
    if (!json.value("stream", false) || !traits_.streams) {
      Json choices = Json::array();
      for (int i = 0; i < (traits_.n ? json.value("n", 1) : 1); ++i)
        choices.push_back(choice(json, text, finish, i, is_chat, false));
      Json whole = {{"model", "small-1"}, {"choices", choices}};
      if (traits_.usage) whole["usage"] = usage;
      return {.body = whole.dump(-1, ' ', false, Json::error_handler_t::replace)};
    }
    Play play{.type = "text/event-stream"};
    if (traits_.comments) play.pieces.push_back(": PROCESSING\n\n");
    for (std::size_t at = 0; at < text.size(); at += traits_.tokens_per_event) {
      const std::string piece = text.substr(at, traits_.tokens_per_event);
      const bool answering = at > text.find('#');
      add_event(play,
                {{"model", "small-1"}, {"choices", {choice(json, piece, "", 0, is_chat, true, answering)}}});
    }
    for (int i = 0; endless && i < 100; ++i)
      add_event(play, {{"choices", {choice(json, "1", "", 0, is_chat, true)}}});
    if (endless) play.between = 0.02;
    add_event(play, {{"choices", {choice(json, "", finish, 0, is_chat, true)}}});
    if (traits_.usage && traits_.stream_usage && json.contains("stream_options"))
      add_event(play, {{"choices", Json::array()}, {"usage", usage}});
    play.pieces.push_back("data: [DONE]\n\n");
    return play;
  }

  static void add_event(Play& play, const Json& json) {
    play.pieces.push_back("data: " + json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n");
  }

  Json choice(const Json& json, const std::string& text, const std::string& finish, int index, bool is_chat,
              bool streamed, bool answering = false) const {
    Json choice = {{"index", index}, {"finish_reason", finish.empty() ? Json() : Json(finish)}};
    const Ids ids = ids_of(text);
    if (is_chat)
      choice[streamed ? "delta" : "message"] = message(text, answering);
    else
      choice["text"] = text;
    if (traits_.ids_in == "token_ids" && json.value("return_token_ids", false)) choice["token_ids"] = ids;
    const bool asked = json.contains("logprobs") && json["logprobs"] != false;
    if (asked && traits_.logprobs != Traits::Logprobs::kNone)
      choice["logprobs"] =
          logprobs(text, is_chat ? json.value("top_logprobs", 0) : json["logprobs"].get<int>());
    return choice;
  }

  Json message(const std::string& text, bool answering) const {
    if (traits_.thought_field.empty() || answering) return {{"content", text}};
    const std::size_t mark = text.find('#');  // what is before it is thought
    Json message = {{traits_.thought_field, text.substr(0, mark)}};
    if (mark != text.npos) message["content"] = text.substr(mark);
    return message;
  }

  Json logprobs(const std::string& text, int candidates) const {
    Json tokens = Json::array(), values = Json::array(), top = Json::array(), entries = Json::array();
    for (const char c : text) {
      const std::string token(1, c);
      Json all = Json::object(), list = Json::array();
      for (int i = 0; i < candidates; ++i) {
        all[std::string(1, static_cast<char>('A' + i))] = -0.25 - i;
        list.push_back({{"token", std::string(1, static_cast<char>('A' + i))}, {"logprob", -0.25 - i}});
      }
      tokens.push_back(token);
      values.push_back(-0.25);
      top.push_back(all);
      Json entry = {{"token", token}, {"logprob", -0.25}, {"top_logprobs", list}};
      if (traits_.ids_in == "logprobs") entry["id"] = static_cast<unsigned char>(c);
      entries.push_back(entry);
    }
    if (traits_.logprobs == Traits::Logprobs::kEntries) return {{"content", entries}};
    return {{"tokens", tokens}, {"token_logprobs", values}, {"top_logprobs", top}};
  }

  const Traits traits_;
};

}  // namespace tests
