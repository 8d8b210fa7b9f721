#include "experiments/reference/key_list.hpp"

#include <algorithm>
#include <cctype>
#include <fnmatch.h>
#include <utility>

#include "experiments/config/experiment_keys.hpp"
#include "experiments/config/model_keys.hpp"

namespace experiments {
namespace {

// How meanings begin that go on from the unit.
constexpr std::string_view kGoingOn[] = {"a generation ", "a reply ", "after ", "at ",
                                         "for ",          "kept ",    "made ",  "of ",
                                         "proposed ",     "read ",    "that ",  "under "};
constexpr std::string_view kRequired[] = {"environments.search", "models.kind"};

template <typename S>
KeyInfo key_info(std::string name, const KeyOf<S>& key) {
  const bool required = std::ranges::count(kRequired, name) > 0;
  return {.name = std::move(name),
          .standard = required ? "" : key.value.write(S{}),
          .required = required,
          .unit = key.unit,
          .values = key.value.expected,
          .meaning = key.help,
          .when = key.when,
          .old_names = key.old_names};
}

// Files alone have it: what it stands for is in the experiment's own keys once a file is read.
KeyInfo base_key() {
  return {.name = "base",
          .standard = "",
          .required = false,
          .unit = "",
          .values = "the path of an experiment file, from the folder of this one",
          .meaning = "another experiment file, from which all keys come that this one does not give",
          .when = "for experiments that differ in a few keys",
          .old_names = {}};
}

std::vector<KeyInfo> make_list() {
  std::vector<KeyInfo> list;
  for (const Key& key : experiment_keys()) list.push_back(key_info(key.name, key));
  list.insert(std::ranges::find_if(list, [](const KeyInfo& key) { return !section_of(key.name).empty(); }),
              base_key());
  for (const KeyOf<evo::ModelSpec>& field : model_fields())
    list.push_back(key_info("models." + field.name, field));
  return list;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_pattern(std::string_view text) { return text.find('*') != std::string_view::npos; }

// For fnmatch, with '*' alone left to it.
std::string with_only_stars(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (c == '?' || c == '[' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::span<const KeyInfo> all_keys() {
  static const std::vector<KeyInfo> list = make_list();
  return list;
}

std::string whole_meaning(const KeyInfo& key) {
  const bool goes_on = !key.unit.empty() && std::ranges::any_of(kGoingOn, [&](std::string_view beginning) {
    return key.meaning.starts_with(beginning);
  });
  return goes_on ? key.unit + " " + key.meaning : key.meaning;
}

std::vector<const KeyInfo*> keys_like(std::string_view pattern) {
  const std::string wanted = lowered(pattern), stars = with_only_stars(wanted);
  const auto fits = [&](const std::string& name) {
    return is_pattern(wanted) ? ::fnmatch(stars.c_str(), name.c_str(), 0) == 0
                              : name.find(wanted) != std::string::npos;
  };
  std::vector<const KeyInfo*> exact, found, told;
  for (const KeyInfo& key : all_keys()) {
    if (key.name == wanted || std::ranges::count(key.old_names, wanted) > 0) exact.push_back(&key);
    if (fits(key.name) || std::ranges::any_of(key.old_names, fits)) found.push_back(&key);
    if (lowered(key.meaning).find(wanted) != std::string::npos) told.push_back(&key);
  }
  return !exact.empty() ? exact : !found.empty() ? found : told;
}

}  // namespace experiments
