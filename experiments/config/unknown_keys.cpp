#include "experiments/config/unknown_keys.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

#include "experiments/config/experiment_keys.hpp"
#include "experiments/console/options.hpp"
#include "genome/tree/diagnostic.hpp"

namespace experiments {
namespace {

// The keys of a section, behind it; of none for the empty one.
std::vector<std::string> last_parts_in(std::string_view section) {
  std::vector<std::string> names;
  for (const Key& key : experiment_keys()) {
    if (section_of(key.name) == section) names.emplace_back(last_part_of(key.name));
    for (const std::string& old : key.old_names) {
      if (section_of(old) == section) names.emplace_back(last_part_of(old));
    }
  }
  return names;
}

// The key that is meant by one that does not exist: of that name in another section, or spelt alike in a
// section of that name or spelt like it. Sections are compared by themselves: to share one is no likeness.
std::string meant_key(std::string_view unknown) {
  const std::string_view section = section_of(unknown), last = last_part_of(unknown);
  for (const Key& key : experiment_keys()) {
    const auto fits = [&](std::string_view name) { return last_part_of(name) == last; };
    if (fits(key.name) || std::ranges::any_of(key.old_names, fits)) return key.name;
  }
  std::vector<std::string> sections = section_names();
  if (section.empty())
    sections.emplace(sections.begin());  // keys of no section
  else
    sections = {is_section(section) ? std::string(section) : genome::nearest(section, sections)};
  for (const std::string& each : sections) {
    if (each.empty() && !section.empty()) break;  // no section is like that
    const std::string near = genome::nearest(last, last_parts_in(each));
    if (near.empty()) continue;
    const std::string whole = each.empty() ? near : fmt::format("{}.{}", each, near);
    const Key* const key = find_key(whole);
    return key != nullptr ? key->name : whole;
  }
  return {};
}

}  // namespace

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Key& key : experiment_keys()) {
    const std::string_view section = section_of(key.name);
    if (!section.empty() && std::ranges::count(names, section) == 0) names.emplace_back(section);
  }
  return names;
}

bool is_section(std::string_view name) { return std::ranges::count(section_names(), name) > 0; }

std::string suggest_key(std::string_view unknown) {
  if (const std::string near = meant_key(unknown); !near.empty())
    return fmt::format("; did you mean \"{}\"?", near);
  const std::string_view section = section_of(unknown);
  std::vector<std::string> names;
  for (const Key& key : experiment_keys()) {
    if (section_of(key.name) == section) names.emplace_back(last_part_of(key.name));
  }
  if (names.empty() || section.empty()) return "; evotts keys lists all";
  return fmt::format("; keys of [{}] are {}", section, fmt::join(names, ", "));
}

std::string suggest_section(std::string_view unknown) {
  const std::string near = did_you_mean(unknown, section_names());
  return near.empty() ? fmt::format("; sections are {}", fmt::join(section_names(), ", ")) : near;
}

}  // namespace experiments
