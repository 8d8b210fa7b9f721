// OpenAI's Batch API: its output, in any order, with the input that tells the questions, or with a table
// that knows the custom ids.
#include <fmt/format.h>
#include <optional>
#include <stdexcept>
#include <unordered_map>

#include "genome/base/text.hpp"
#include "live/formats/format.hpp"
#include "replay/answers/patterns.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::visible;

// "q3" of q3-s7, q3_sample_7 and q3:7.
constexpr std::string_view kUsualId =
    R"(^(.+?)[-_:/.# ]+(?i:s|sample|k|n|r|run|rep|repeat|try|trial|seed|gen|attempt)?[-_:]?[0-9]+$)";

class OpenaiBatch : public Format {
 public:
  explicit OpenaiBatch(const FormatWishes& wishes)
      : given_(!wishes.id_pattern.empty()), pattern_(pattern_of(wishes.id_pattern)), known_(wishes.known) {}

  bool has_inputs() const override { return true; }
  bool is_input(const JsonShape& shape) const override { return shape.has("body") && !shape.has("response"); }

  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject record = object_in(element, "a record");
    const std::string_view id = text_in(expect(record, "custom_id"), "custom_id");
    if (const auto body = find(record, "body")) return read_request(id, object_in(*body, "body"));
    const auto response = find(record, "response");
    const auto status = response ? find(object_in(*response, "response"), "status_code") : std::nullopt;
    const auto body = response ? find(object_in(*response, "response"), "body") : std::nullopt;
    const bool failed = find(record, "error") || !body || (status && as_number(*status) != 200);
    if (failed || has_failed(object_in(*body, "body"))) return out.count_failed();
    read_reply(id, object_in(*body, "body"), out);
  }

 private:
  // Of the Responses API, which tells so within its body.
  static bool has_failed(JsonObject body) {
    const auto status = find(body, "status");
    return find(body, "error") || (status && as_text(*status) == "failed");
  }

  static replay::Pattern pattern_of(const std::string& given) {
    try {
      return replay::Pattern(given.empty() ? kUsualId : std::string_view(given));
    } catch (const std::invalid_argument& reason) {
      throw replay::InputError(fmt::format("--id-pattern \"{}\": no regular expression of RE2: {}",
                                           visible(given, 80), visible(reason.what())));
    }
  }

  // ---- the input

  void read_request(std::string_view id, JsonObject body) {
    std::string_view question;
    if (const auto messages = find(body, "messages"))
      question = last_of(array_in(*messages, "messages"));
    else if (const auto prompt = find(body, "prompt"))
      question = text_in(*prompt, "prompt");
    else if (const auto input = find(body, "input"))
      question = as_text(*input) ? *as_text(*input) : last_of(array_in(*input, "input"));
    if (question.empty()) throw BadRecord("has no message of the user");
    const auto text = texts_.try_emplace(std::string(question), texts_.size()).first;
    const auto [known, fresh] = questions_.try_emplace(std::string(id), std::string_view(text->first));
    // Whose replies are whose cannot be told any more.
    if (!fresh && known->second != text->first)
      throw WrongFile(
          fmt::format("the custom_id \"{}\" asked another question before; import each batch with its "
                      "input by itself",
                      visible(id, 80)));
  }

  static std::string_view last_of(JsonArray messages) {
    const auto message = last_message(messages, "user");
    const auto content = message ? find(*message, "content") : std::nullopt;
    if (!content) return {};
    if (const auto text = as_text(*content)) return *text;
    for (const JsonElement part : array_in(*content, "content")) {
      const auto object = as_object(part);
      const auto text = object ? find(*object, "text") : std::nullopt;
      if (text && as_text(*text)) return *as_text(*text);
    }
    return {};
  }

  // ---- the output

  void read_reply(std::string_view id, JsonObject body, Samples& out) const {
    Sample base;
    const std::string_view part = part_of(id);
    const auto asked = questions_.find(std::string(id));
    if (asked != questions_.end())
      base.question = asked->second;
    else
      base.id = part;
    base.row = part;
    if (const auto model = find(body, "model"); model && as_text(*model)) base.model = *as_text(*model);
    const std::size_t before = out.all().size();
    if (const auto choices = find(body, "choices"))
      for (const JsonElement choice : array_in(*choices, "choices"))
        read_choice(object_in(choice, "a choice"), base, out);
    else if (const auto output = find(body, "output"))
      read_output(array_in(*output, "output"), body, base, out);
    else
      throw BadRecord("\"body\" has neither choices nor output");
    const auto samples = std::span(out.all()).subspan(before);
    if (samples.size() == 1 && part != id) samples[0].number = number_at_end(id);
    std::optional<JsonElement> tokens = find_path(body, "usage.completion_tokens");
    if (!tokens) tokens = find_path(body, "usage.output_tokens");
    if (!tokens || samples.empty()) return;
    const std::int64_t sum = whole_number(*tokens, "completion_tokens");
    if (samples.size() > 1)
      share_tokens(samples, sum);
    else
      samples[0].tokens = sum;
  }

  static void read_choice(JsonObject choice, const Sample& base, Samples& out) {
    Sample& sample = out.add();
    sample = base;
    if (const auto index = find(choice, "index")) sample.number = whole_number(*index, "index");
    if (const auto message = find(choice, "message")) {
      const JsonObject said = object_in(*message, "message");
      if (const auto content = find(said, "content")) take_content(*content, sample, out);
      for (const char* const name : {"reasoning_content", "reasoning"})
        if (const auto thought = find(said, name); thought && as_text(*thought) && sample.thought.empty())
          sample.thought = *as_text(*thought);
    } else {
      sample.text = text_in(expect(choice, "text"), "text");
    }
    if (const auto reason = find(choice, "finish_reason"))
      sample.truncated = is_limit(text_in(*reason, "finish_reason"));
  }

  // Of the Responses API: messages among other things.
  static void read_output(JsonArray output, JsonObject body, const Sample& base, Samples& out) {
    Sample& sample = out.add();
    sample = base;
    std::string text;
    for (const JsonElement item : output) {
      const JsonObject object = object_in(item, "an output");
      const auto type = find(object, "type");
      const auto content = find(object, "content");
      if (!type || as_text(*type) != "message" || !content) continue;
      for (const JsonElement part : array_in(*content, "content"))
        if (const auto said = find(object_in(part, "a part of the content"), "text"))
          text += text_in(*said, "text");
    }
    sample.text = out.keep(std::move(text));
    const auto reason = find_path(body, "incomplete_details.reason");
    sample.truncated = reason && as_text(*reason) && is_limit(*as_text(*reason));
  }

  // ---- ids

  // What of an id names the question.
  std::string_view part_of(std::string_view id) const {
    if (!given_ && known_ && known_(id)) return id;
    const auto part = pattern_.first(id);
    if (!part || part->empty()) return id;
    return *part;
  }

  static std::optional<std::int64_t> number_at_end(std::string_view id) {
    const std::size_t last = id.find_last_not_of("0123456789");
    const std::string_view digits = last == id.npos ? id : id.substr(last + 1);
    if (digits.empty() || digits.size() > 15) return std::nullopt;
    std::int64_t number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    return number;
  }

  const bool given_;
  const replay::Pattern pattern_;
  const std::function<bool(std::string_view)> known_;
  std::unordered_map<std::string, std::size_t> texts_;           // each once, however often it was asked
  std::unordered_map<std::string, std::string_view> questions_;  // by custom id
};

}  // namespace

std::unique_ptr<Format> make_openai_batch(const FormatWishes& wishes) {
  return std::make_unique<OpenaiBatch>(wishes);
}

}  // namespace live
