#include "experiments/reference/key_list.hpp"

#include <algorithm>
#include <cctype>
#include <fnmatch.h>
#include <utility>

#include "experiments/config/experiment_keys.hpp"
#include "experiments/config/model_keys.hpp"

namespace experiments {
namespace {

template <typename S>
KeyInfo key_info(std::string name, const KeyOf<S>& key) {
  return {std::move(name), key.value.write(S{}), key.unit, key.value.expected, key.help,
          key.when,        key.old_names};
}

std::vector<KeyInfo> make_list() {
  std::vector<KeyInfo> list;
  for (const Key& key : experiment_keys()) list.push_back(key_info(key.name, key));
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

bool is_pattern(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

}  // namespace

std::span<const KeyInfo> all_keys() {
  static const std::vector<KeyInfo> list = make_list();
  return list;
}

std::vector<const KeyInfo*> keys_like(std::string_view pattern) {
  const std::string wanted = lowered(pattern);
  const auto fits = [&](const std::string& name) {
    return is_pattern(wanted) ? ::fnmatch(wanted.c_str(), name.c_str(), 0) == 0
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
