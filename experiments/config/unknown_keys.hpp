// unknown_keys.hpp: what is said to whoever gives a key or a section that there is not.
// Why:      a suggestion helps only where it is likely what was meant; elsewhere a list of what there is.
// Use:      blame(place, fmt::format("there is no key \"{}\"{}", name, suggest_key(name)));
// Promises: a key of the same name in another section, or one spelt alike, also by an old name. To share the
//           section is no likeness: "objective.latency" gets the keys of [objective].
// Threads:  pure functions.
// Tests:    tests/experiments/config/experiment_file_test.cpp, tests/experiments/config/old_names_test.cpp
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace experiments {

// Each once, in the order of the file.
std::vector<std::string> section_names();
bool is_section(std::string_view name);

// `; did you mean "seed"?` for the key that is likely meant, else `; keys of [objective] are ...`.
std::string suggest_key(std::string_view unknown);
std::string suggest_section(std::string_view unknown);

}  // namespace experiments
