#include "experiments/reference/offers.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "experiments/reference/key_list.hpp"
#include "genome/base/text.hpp"
#include "genome/reference/language_reference.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/tree/vocabulary.hpp"

namespace experiments {
namespace {

constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"table", "for reading"},
    {"text", "for reading"},
    {"csv", "for programs, a record a line"},
    {"json", "for programs"},
    {"markdown", "a page of docs/"},
    {"dot", "for Graphviz"},
    {"bash", "the script for bash"},
    {"zsh", "the script for zsh"},
    {"fish", "the script for fish"},
};

// Values of a few words, such as formats.
std::vector<Offer> described(const std::vector<std::string>& words, const std::string& otherwise) {
  std::vector<Offer> offers;
  for (const std::string& word : words) {
    const auto* const row = std::ranges::find(kWords, word, [](const auto& each) { return each.first; });
    offers.push_back({word, row == std::end(kWords) ? otherwise : std::string(row->second)});
  }
  return offers;
}

std::vector<Offer> keys(std::string_view behind) {
  std::vector<Offer> offers;
  for (const KeyInfo& key : all_keys()) {
    // Neither a base nor fields of models are keys that --set could change.
    const bool of_files = key.name == "base" || key.name.starts_with("models.");
    if (behind.empty() || !of_files) offers.push_back({key.name + std::string(behind), whole_meaning(key)});
  }
  return offers;
}

// Words that a shell would take for something else are left out.
std::vector<Offer> plain_language_words() {
  std::vector<Offer> offers;
  for (const std::string& word : genome::language_words()) {
    if (genome::is_identifier(word)) offers.push_back({word, genome::entries_of(word).front()->meaning});
  }
  return offers;
}

bool is_argument(const OptionInfo& option) { return !option.names.front().starts_with("-"); }

// "CONTROLLER", "KEY=VALUE": how help calls the value.
const std::string& called(const OptionInfo& option) {
  return is_argument(option) ? option.names.front() : option.value;
}

// The comment that a text begins with, in one line.
std::string leading_comment(std::string_view text) {
  std::string comment;
  while (text.starts_with('#')) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    comment += (comment.empty() ? "" : " ") + std::string(genome::base::trimmed(text.substr(1, end - 1)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return comment;
}

std::string first_sentence(const std::string& text) {
  const std::size_t end = text.find(". ");
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

bool takes_controller(const OptionInfo& option) {
  const std::string& what = called(option);
  return what == "CONTROLLER" || (is_argument(option) && (what == "A" || what == "B"));
}

}  // namespace

std::vector<Offer> offered(const OptionInfo& option) {
  if (const auto words = option.words(); !words.empty()) return described(words, option.meaning);
  const std::string& what = called(option);
  if (what == "KEY=VALUE") return keys("=");
  if (what == "PATTERN") return keys("");
  if (what == "WORD") return plain_language_words();
  return takes_controller(option) ? described_controllers() : std::vector<Offer>{};
}

bool takes_files(const OptionInfo& option) {
  return !takes_command(option) && (offered(option).empty() || takes_controller(option));
}

bool takes_command(const OptionInfo& option) { return is_argument(option) && called(option) == "COMMAND"; }

std::vector<Offer> described_controllers() {
  std::vector<Offer> offers;
  for (const genome::KnownController& known : genome::known_controllers())
    offers.push_back({std::string(known.name), first_sentence(leading_comment(known.text))});
  return offers;
}

}  // namespace experiments
