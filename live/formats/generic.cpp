// Any JSON or table with named columns: a row a sample, or a row a question with lists.
#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "genome/base/text.hpp"
#include "live/formats/columns.hpp"
#include "live/formats/format.hpp"

namespace live {
namespace {

using genome::base::visible;

// The members of an object that may hold its records.
constexpr std::string_view kLists[] = {"samples", "data",     "rows",      "records",
                                       "results", "examples", "questions", "items"};

class Generic : public Format {
 public:
  explicit Generic(ColumnNames given) : given_(std::move(given)) {}

  // A list of objects, and no question beside it.
  bool is_container(const JsonShape& shape) const override {
    if (shape.layout != JsonLayout::kValues || shape.has("question") || shape.has("problem") ||
        shape.has("prompt"))
      return false;
    return std::ranges::any_of(shape.members, [this](const ShapeMember& each) {
      return each.within == '{' && take(each.name) == Take::kElements;
    });
  }
  Take take(std::string_view member) const override {
    return std::ranges::find(kLists, member) != std::end(kLists) ? Take::kElements : Take::kSkip;
  }

  void begin_file(const std::string&) override { columns_.reset(); }

  void read(JsonElement element, std::string_view, Samples& out) override {
    const JsonObject record = object_in(element, "a record");
    if (!columns_ || !(has(record, columns_->text) || has(record, columns_->answer)))
      columns_ = found_columns(record, given_);
    const Sample base = base_of(record, *columns_, out);
    const auto texts = list(record, columns_->text), answers = list(record, columns_->answer);
    if (texts || answers)
      read_lists(record, base, texts ? texts->size() : answers->size(), out);
    else
      read_row(record, base, out);
  }

 private:
  static bool has(JsonObject record, const std::string& name) {
    return !name.empty() && find_path(record, name).has_value();
  }
  static std::optional<JsonElement> value(JsonObject record, const std::string& name) {
    return name.empty() ? std::nullopt : find_path(record, name);
  }
  static std::optional<JsonArray> list(JsonObject record, const std::string& name) {
    const auto found = value(record, name);
    return found ? as_array(*found) : std::nullopt;
  }

  // What all samples of the record share.
  static Sample base_of(JsonObject record, const ColumnNames& columns, Samples& out) {
    Sample base;
    if (const auto id = value(record, columns.id); id && !id->is_object() && !id->is_array())
      base.id = answer_in(*id, columns.id, out);
    if (const auto question = value(record, columns.question)) base.question = asked(*question, columns);
    if (const auto gold = value(record, columns.gold)) base.gold = answer_in(*gold, columns.gold, out);
    if (const auto options = value(record, columns.options); options && options->is_array())
      base.options = out.keep(simdjson::minify(*options));
    if (const auto model = value(record, columns.model))
      if (const auto name = as_text(*model)) base.model = *name;
    return base;
  }

  // A text, or messages of which the user's last counts.
  static std::string_view asked(JsonElement question, const ColumnNames& columns) {
    if (const auto messages = as_array(question)) {
      const auto message = last_message(*messages, "user");
      const auto content = message ? find(*message, "content") : std::nullopt;
      if (content) return text_in(*content, columns.question);
    }
    return text_in(question, columns.question);
  }

  // ---- a row a sample

  void read_row(JsonObject record, const Sample& base, Samples& out) const {
    Sample& sample = out.add();
    sample = base;
    fill(record, *columns_, sample, out);
    if (const auto number = value(record, columns_->sample))
      if (const auto numeric = as_number(*number); numeric && *numeric >= 0 && *numeric < 1e15)
        sample.number = static_cast<std::int64_t>(*numeric);
  }

  static void fill(JsonObject record, const ColumnNames& columns, Sample& sample, Samples& out) {
    if (const auto text = value(record, columns.text)) take_content(*text, sample, out);
    if (!columns.answer.empty()) {
      const auto answer = value(record, columns.answer);
      sample.answer = answer ? answer_in(*answer, columns.answer, out) : std::string_view();
    }
    if (const auto right = value(record, columns.right)) sample.right = verdict_in(*right);
    if (const auto tokens = value(record, columns.tokens))
      sample.tokens = whole_number(*tokens, columns.tokens);
    if (const auto reason = value(record, columns.reason))
      if (const auto word = as_text(*reason)) sample.truncated = is_limit(*word);
    for (const auto& [name, column] : columns.signals)
      if (const auto number = value(record, column))
        sample.signals.emplace_back(name, number_in(*number, column));
  }

  // ---- a row a question

  // A column that has an entry for each sample; of others, and where one is null, nothing is told.
  class Entries {
   public:
    Entries(JsonObject record, const std::string& name, std::size_t samples) {
      const auto array = list(record, name);
      if (!array) return;
      there_ = true;
      entries_ = entries_in(*array);
      if (entries_.size() != samples)
        throw BadRecord(fmt::format("\"{}\" has {} entries, and there are {} samples", visible(name, 60),
                                    entries_.size(), samples));
    }
    bool there() const { return there_; }
    std::optional<JsonElement> at(std::size_t i) const {
      return there_ && !entries_[i].is_null() ? std::optional(entries_[i]) : std::nullopt;
    }

   private:
    bool there_ = false;
    std::vector<JsonElement> entries_;
  };

  void read_lists(JsonObject record, const Sample& base, std::size_t count, Samples& out) const {
    const ColumnNames& columns = *columns_;
    const Entries texts(record, columns.text, count), answers(record, columns.answer, count);
    const Entries rights(record, columns.right, count), tokens(record, columns.tokens, count);
    const Entries reasons(record, columns.reason, count);
    std::vector<Entries> signals;
    for (const auto& [name, column] : columns.signals) signals.emplace_back(record, column, count);
    const std::size_t before = out.all().size();
    for (std::size_t i = 0; i < count; ++i) {
      const auto text = texts.at(i);
      if (!text && texts.there()) {
        out.count_failed();
        continue;
      }
      Sample& sample = out.add();
      sample = base;
      sample.number = static_cast<std::int64_t>(i);
      sample.positional = true;
      if (const auto inner = text ? as_object(*text) : std::nullopt)
        fill(*inner, found_entry_columns(*inner), sample, out);
      else if (text)
        take_content(*text, sample, out);
      if (answers.there())
        sample.answer = answers.at(i) ? answer_in(*answers.at(i), columns.answer, out) : std::string_view();
      if (const auto right = rights.at(i)) sample.right = verdict_in(*right);
      if (const auto each = tokens.at(i)) sample.tokens = whole_number(*each, columns.tokens);
      if (const auto reason = reasons.at(i); reason && as_text(*reason))
        sample.truncated = is_limit(*as_text(*reason));
      for (std::size_t s = 0; s < signals.size(); ++s)
        if (const auto number = signals[s].at(i))
          sample.signals.emplace_back(columns.signals[s].first,
                                      number_in(*number, columns.signals[s].second));
    }
    // One number for all of them is their sum.
    if (const auto sum = value(record, columns.tokens); sum && !sum->is_array())
      share_tokens(std::span(out.all()).subspan(before), whole_number(*sum, columns.tokens));
  }

  const ColumnNames given_;
  std::optional<ColumnNames> columns_;
};

}  // namespace

std::unique_ptr<Format> make_generic(const FormatWishes& wishes) {
  return std::make_unique<Generic>(wishes.columns);
}

}  // namespace live
