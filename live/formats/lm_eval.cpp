// Samples of lm-evaluation-harness: a row for each document and filter, with all repeats in it.
#include <fmt/format.h>
#include <map>

#include "genome/base/text.hpp"
#include "live/formats/columns.hpp"
#include "live/formats/format.hpp"

namespace live {
namespace {

using genome::base::visible;

class LmEval : public Format {
 public:
  explicit LmEval(const FormatWishes& wishes) : columns_(wishes.columns), filter_(wishes.filter) {}

  void begin_file(const std::string&) override { ++file_; }
  // OUTPUT_PATH/MODEL/samples_TASK_DATE.jsonl
  std::string model_by_place(const std::filesystem::path& file) const override { return folder_of(file); }

  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject row = object_in(element, "a record");
    const auto doc_element = find(row, "doc");
    const auto doc = doc_element ? as_object(*doc_element) : std::nullopt;
    const std::vector<std::string_view> texts = texts_of(row);
    const std::string filter = filter_of(row);
    if (!is_wanted(row, filter, texts, out)) return;
    Sample base;
    base.question = question_of(row, doc);
    if (const auto id = find(row, "doc_id")) {
      const auto hash = find(row, "doc_hash");
      base.row = answer_in(*id, "doc_id", out);
      base.id = hash                    ? out.keep(fmt::format("{} {}", base.row, text_in(*hash, "doc_hash")))
                : base.question.empty() ? base.row
                                        : id_within(file_, base.row, out);
    }
    base.gold = gold_of(row, doc, out);
    if (const auto options = doc ? find(*doc, "choices") : std::nullopt)
      base.options = out.keep(simdjson::minify(*options));
    const auto answers = answers_of(row, filter, texts.size(), out);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      Sample& sample = out.add();
      sample = base;
      sample.number = static_cast<std::int64_t>(i);
      sample.positional = true;
      sample.text = texts[i];
      sample.answer = answers[i];
    }
    // Only the first repeat is scored. A vote is of all.
    if (const auto verdict = verdict_of(row); verdict && !filter.contains("maj") && !texts.empty())
      out.all()[out.all().size() - texts.size()].right = verdict;
  }

  std::vector<std::string> remarks() const override {
    std::vector<std::string> lines;
    if (other_filters_ > 0)
      lines.push_back(
          filter_.empty()
              ? fmt::format("{} of other filters than the first of their questions ({}) left out; --filter "
                            "chooses another",
                            counted(other_filters_, "row"), visible(first_filter_, 60))
              : fmt::format("{} of other filters left out", counted(other_filters_, "row")));
    if (again_ > 0)
      lines.push_back(
          fmt::format("{} again in a file, with other texts: two runs were written behind each other, "
                      "and the samples of both are taken",
                      counted(again_, "question")));
    return lines;
  }

 private:
  struct Seen {
    std::string filter;
    std::uint64_t print = 0;
  };

  static std::vector<std::string_view> texts_of(JsonObject row) {
    std::vector<std::string_view> texts;
    const auto add = [&](JsonElement element) {
      if (!element.is_string())
        throw BadRecord(
            "\"resps\" holds no texts but log-likelihoods, as tasks of multiple choice write them: there is "
            "nothing to vote on");
      texts.push_back(*as_text(element));
    };
    const JsonArray requests = array_in(expect(row, "resps"), "resps");
    for (const JsonElement request : requests) {
      const auto repeats = as_array(request);
      if (!repeats) {
        add(request);
        continue;
      }
      if (requests.size() > 1)
        throw BadRecord(
            "\"resps\" holds the replies to several requests, as tasks of multiple choice write them: there "
            "is "
            "nothing to vote on");
      for (const JsonElement repeat : *repeats) add(repeat);
    }
    if (texts.empty()) throw BadRecord("\"resps\" holds no texts");
    return texts;
  }

  static std::string filter_of(JsonObject row) {
    const auto filter = find(row, "filter");
    return filter ? std::string(text_in(*filter, "filter")) : std::string();
  }

  bool is_wanted(JsonObject row, const std::string& filter, const std::vector<std::string_view>& texts,
                 Samples& out) {
    if (!filter_.empty()) {
      if (filter != filter_) ++other_filters_;
      return filter == filter_;
    }
    std::string key = fmt::format("{} ", file_);
    for (const char* const name : {"doc_id", "doc_hash"})
      if (const auto value = find(row, name)) key += fmt::format("{} ", answer_in(*value, name, out));
    std::uint64_t print = 0;
    for (const std::string_view text : texts) print = print * 31 + std::hash<std::string_view>()(text);
    const auto [there, fresh] = seen_.try_emplace(key, Seen{filter, print});
    if (first_filter_.empty()) first_filter_ = filter;
    if (fresh) return true;
    if (there->second.filter != filter) {
      ++other_filters_;
      return false;
    }
    if (there->second.print != print) ++again_;
    return true;  // the same row twice is found out later
  }

  std::string_view question_of(JsonObject row, const std::optional<JsonObject>& doc) const {
    if (!columns_.question.empty()) {
      const auto named = find_path(row, columns_.question);
      if (!named)
        throw BadRecord(
            fmt::format("there is no column \"{}\" (--question-column)", visible(columns_.question, 60)));
      return text_in(*named, columns_.question);
    }
    if (const auto usual = doc ? usual_question(*doc) : std::nullopt)
      if (const auto text = as_text(*usual)) return *text;
    // The prompt, with the examples before it.
    const auto arguments = find(row, "arguments");
    return arguments ? prompt_in(*arguments).value_or("") : "";
  }

  // {"gen_args_0": {"arg_0": "..."}}, before that [["...", {...}]].
  static std::optional<std::string_view> prompt_in(JsonElement arguments) {
    if (const auto named = as_object(arguments)) {
      const auto prompt = find_path(*named, "gen_args_0.arg_0");
      return prompt ? as_text(*prompt) : std::nullopt;
    }
    auto first = as_array(arguments);
    while (first && first->size() > 0) {
      const JsonElement element = first->at(0).value_unsafe();
      if (const auto text = as_text(element)) return text;
      first = as_array(element);
    }
    return std::nullopt;
  }

  std::optional<std::string_view> gold_of(JsonObject row, const std::optional<JsonObject>& doc,
                                          Samples& out) const {
    if (!columns_.gold.empty()) {
      const auto named = find_path(row, columns_.gold);
      if (!named)
        throw BadRecord(fmt::format("there is no column \"{}\" (--gold-column)", visible(columns_.gold, 60)));
      return answer_in(*named, columns_.gold, out);
    }
    if (const auto target = find(row, "target"); target && !target->is_object())
      if (const std::string_view gold = answer_in(*target, "target", out); !gold.empty()) return gold;
    const auto usual = doc ? usual_gold(*doc) : std::nullopt;
    if (!usual || usual->is_object()) return std::nullopt;
    return answer_in(*usual, "the right answer in doc", out);
  }

  // What the filter found, where it did so for every repeat.
  static std::vector<std::optional<std::string_view>> answers_of(JsonObject row, const std::string& filter,
                                                                 std::size_t samples, Samples& out) {
    std::vector<std::optional<std::string_view>> answers(samples);
    const auto element = find(row, "filtered_resps");
    auto filtered = element ? as_array(*element) : std::nullopt;
    if (!filtered || filter == "none" || filter.empty() || filter.contains("maj")) return answers;
    if (filtered->size() == 1 && filtered->at(0).value_unsafe().is_array())
      filtered = as_array(filtered->at(0).value_unsafe());
    if (filtered->size() != samples) return answers;
    std::size_t at = 0;
    for (const JsonElement each : *filtered) {
      const std::string_view answer = answer_in(each, "filtered_resps", out);
      answers[at++] = answer == "[invalid]" ? std::string_view() : answer;
    }
    return answers;
  }

  static std::optional<bool> verdict_of(JsonObject row) {
    const auto element = find(row, "metrics");
    const auto metrics = element ? as_array(*element) : std::nullopt;
    if (!metrics) {
      const auto usual = find(row, "exact_match");
      return usual ? verdict_in(*usual) : std::nullopt;
    }
    for (const JsonElement metric : *metrics) {
      const auto name = as_text(metric);
      const auto value = name ? find(row, *name) : std::nullopt;
      if (const auto verdict = value ? verdict_in(*value) : std::nullopt) return verdict;
    }
    return std::nullopt;
  }

  const ColumnNames columns_;
  const std::string filter_;
  std::map<std::string, Seen> seen_;
  std::string first_filter_;
  std::size_t file_ = 0, other_filters_ = 0, again_ = 0;
};

}  // namespace

std::unique_ptr<Format> make_lm_eval(const FormatWishes& wishes) { return std::make_unique<LmEval>(wishes); }

}  // namespace live
