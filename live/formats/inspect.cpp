// Logs of inspect_ai, versions 1 and 2: a JSON object with samples, or a ZIP with an entry for each sample
// and epoch.
#include <fmt/format.h>

#include "genome/base/text.hpp"
#include "live/formats/format.hpp"

namespace live {
namespace {

using genome::base::visible;

constexpr double kNewestVersion = 2;
constexpr std::string_view kNoAnswer = "N";  // beside C, I and P
constexpr std::string_view kAttachment = "attachment://";

class Inspect : public Format {
 public:
  explicit Inspect(const FormatWishes& wishes) : scorer_(wishes.scorer) {}

  bool is_container(const JsonShape& shape) const override { return shape.layout != JsonLayout::kArray; }
  Take take(std::string_view member) const override {
    if (member == "samples") return Take::kElements;
    return member == "version" || member == "eval" || member == "status" ? Take::kWhole : Take::kSkip;
  }

  void begin_file(const std::string&) override {
    model_.clear();
    task_.clear();
  }

  void read(JsonElement element, std::string_view member, Samples& out) override {
    if (member == "samples") return read_sample(object_in(element, "a sample"), out);
    if (member == "header") {
      const JsonObject header = object_in(element, "the header");
      for (const char* const name : {"version", "eval", "status"})
        if (const auto part = find(header, name)) read(*part, name, out);
      return;
    }
    if (member == "version") expect_version(element);
    if (member == "status" && as_text(element) && as_text(element) != "success") ++unfinished_;
    if (member != "eval") return;
    const auto eval = as_object(element);
    const auto model = eval ? find(*eval, "model") : std::nullopt;
    if (model && as_text(*model)) model_ = *as_text(*model);
    const auto task = eval ? find(*eval, "task") : std::nullopt;
    if (task && as_text(*task)) task_ = *as_text(*task);
  }

  std::vector<std::string> remarks() const override {
    std::vector<std::string> lines;
    if (unfinished_ > 0)
      lines.push_back(fmt::format("{} of runs that were not successful", counted(unfinished_, "log")));
    if (several_golds_ > 0)
      lines.push_back(fmt::format("{} with several right answers, of which the first is taken",
                                  counted(several_golds_, "sample")));
    if (several_scorers_ > 0)
      lines.push_back(
          fmt::format("{} with several scorers, of which \"{}\" is taken; --scorer chooses another",
                      counted(several_scorers_, "sample"), visible(chosen_scorer_, 60)));
    if (without_scorer_ > 0)
      lines.push_back(fmt::format("{} that the scorer \"{}\" did not judge",
                                  counted(without_scorer_, "sample"), visible(scorer_, 60)));
    return lines;
  }

 private:
  static void expect_version(JsonElement element) {
    const auto version = as_number(element);
    if (!version || *version < 1 || *version > kNewestVersion)
      throw WrongFile(fmt::format("is a log of inspect_ai of version {}; versions 1 and {} are read",
                                  visible(simdjson::minify(element), 20), kNewestVersion));
  }

  void read_sample(JsonObject record, Samples& out) {
    const auto error = find(record, "error");
    const auto output_element = find(record, "output");
    const auto output = output_element ? as_object(*output_element) : std::nullopt;
    const auto choice = output ? first_choice(*output) : std::nullopt;
    attachments_ = find(record, "attachments");
    Sample sample;
    sample.tokens = tokens_of(record, output);
    sample.truncated = find(record, "limit").has_value();  // of tokens, messages, time ...
    // What met a limit before it said anything was paid for all the same.
    if (error || !(choice || (sample.truncated && sample.tokens))) return out.count_failed();
    sample.model = out.keep(model_);
    sample.row = answer_in(expect(record, "id"), "id", out);
    // Tasks count their samples alike.
    sample.id = task_.empty() ? sample.row : out.keep(fmt::format("{} {}", task_, sample.row));
    if (const auto epoch = find(record, "epoch")) sample.number = whole_number(*epoch, "epoch");
    sample.question = question_of(expect(record, "input"));
    sample.gold = gold_of(record, out);
    if (const auto options = find(record, "choices"); options && options->is_array())
      sample.options = out.keep(simdjson::minify(*options));
    if (choice) take_choice(*choice, sample, out);
    take_score(record, sample, out);
    out.add() = sample;
  }

  void take_choice(JsonObject choice, Sample& sample, Samples& out) const {
    const JsonObject message = object_in(expect(choice, "message"), "message");
    if (const auto content = find(message, "content")) take_content(*content, sample, out);
    sample.text = attached(sample.text);
    sample.thought = attached(sample.thought);
    const auto reason = find(choice, "stop_reason");
    if (reason && is_limit(text_in(*reason, "stop_reason"))) sample.truncated = true;
  }

  static std::optional<JsonObject> first_choice(JsonObject output) {
    const auto element = find(output, "choices");
    const auto choices = element ? as_array(*element) : std::nullopt;
    return choices && choices->size() > 0 ? as_object(choices->at(0).value_unsafe()) : std::nullopt;
  }

  // Long texts stand apart, under their hash.
  std::string_view attached(std::string_view text) const {
    if (!text.starts_with(kAttachment) || !attachments_) return text;
    const auto all = as_object(*attachments_);
    const auto found = all ? find(*all, text.substr(kAttachment.size())) : std::nullopt;
    return found ? text_in(*found, "an attachment") : text;
  }

  std::string_view question_of(JsonElement input) const {
    if (const auto text = as_text(input)) return attached(*text);
    const auto message = last_message(array_in(input, "input"), "user");
    if (!message) throw BadRecord("\"input\" has no message of the user");
    const JsonElement content = expect(*message, "content");
    if (const auto text = as_text(content)) return attached(*text);
    for (const JsonElement part : array_in(content, "content"))
      if (const auto object = as_object(part))
        if (const auto text = find(*object, "text")) return attached(text_in(*text, "text"));
    throw BadRecord("\"input\" has no text");
  }

  std::optional<std::string_view> gold_of(JsonObject record, Samples& out) {
    const auto target = find(record, "target");
    if (!target) return std::nullopt;
    const auto several = as_array(*target);
    if (!several) return answer_in(*target, "target", out);
    if (several->size() == 0) return std::nullopt;
    several_golds_ += several->size() > 1 ? 1 : 0;
    return answer_in(several->at(0).value_unsafe(), "target", out);
  }

  // Of the output when it is all that the model said; a sample of several replies, or graded by a model, has
  // its figures by model.
  std::optional<std::int64_t> tokens_of(JsonObject record, const std::optional<JsonObject>& output) const {
    std::size_t replies = 0;
    if (const auto messages = find(record, "messages"); messages && messages->is_array())
      for (const JsonElement each : array_in(*messages, "messages")) {
        const auto message = as_object(each);
        const auto role = message ? find(*message, "role") : std::nullopt;
        replies += role && as_text(*role) == "assistant" ? 1 : 0;
      }
    const auto of_output = output ? find_path(*output, "usage.output_tokens") : std::nullopt;
    const auto of_model = usage_of_model(record);
    const auto tokens = (replies > 1 && of_model) || !of_output ? of_model : of_output;
    return tokens ? std::optional(whole_number(*tokens, "output_tokens")) : std::nullopt;
  }

  std::optional<JsonElement> usage_of_model(JsonObject record) const {
    const auto by_model = find(record, "model_usage");
    const auto usages = by_model ? as_object(*by_model) : std::nullopt;
    if (!usages) return std::nullopt;
    std::optional<JsonElement> own = find(*usages, model_);
    if (!own && usages->size() == 1) own = (*usages->begin()).value;
    return own ? find(object_in(*own, "model_usage"), "output_tokens") : std::nullopt;
  }

  // No score becomes a signal: scorers know the right answer, and a controller would read it off them.
  void take_score(JsonObject record, Sample& sample, Samples& out) {
    const std::optional<JsonObject> score = score_of(record);
    if (!score) return;
    if (const auto answer = find(*score, "answer"))
      sample.answer = attached(answer_in(*answer, "answer", out));
    const auto value = find(*score, "value");
    if (!value) return;
    sample.right = as_text(*value) == kNoAnswer ? false : verdict_in(*value);
  }

  std::optional<JsonObject> score_of(JsonObject record) {
    const auto element = find(record, "scores"), only = find(record, "score");  // version 1 has one
    const auto scores = element ? as_object(*element) : std::nullopt;
    if (!scores) return only ? as_object(*only) : std::nullopt;
    std::optional<JsonObject> chosen;
    for (const auto& [name, score] : *scores) {
      const auto object = as_object(score);
      if (chosen || !object || (!scorer_.empty() && name != scorer_)) continue;
      chosen = object;
      chosen_scorer_ = name;
    }
    several_scorers_ += chosen && scorer_.empty() && scores->size() > 1 ? 1 : 0;
    without_scorer_ += !chosen && !scorer_.empty() ? 1 : 0;
    return chosen;
  }

  const std::string scorer_;
  std::string model_, task_, chosen_scorer_;
  std::optional<JsonElement> attachments_;
  std::size_t unfinished_ = 0, several_golds_ = 0, several_scorers_ = 0, without_scorer_ = 0;
};

}  // namespace

std::unique_ptr<Format> make_inspect(const FormatWishes& wishes) { return std::make_unique<Inspect>(wishes); }

}  // namespace live
