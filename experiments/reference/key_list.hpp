// key_list.hpp: all keys of experiment files in one list, those of models among them, and how they are found.
// Why:      the two tables of keys are of different types; whoever shows them needs only their texts.
// Use:      for (const KeyInfo& key : all_keys()) ...      keys_like("evaluation.*")
// Promises: in the order of the tables; nothing is left out.
// Threads:  constant data.
// Tests:    tests/experiments/reference/keys_page_test.cpp
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace experiments {

struct KeyInfo {
  std::string name;      // "evaluation.betas", "models.kind"
  std::string standard;  // its default as TOML; empty where there is none
  bool required;         // must be given
  std::string unit;
  std::string values;   // what it may be
  std::string meaning;  // what it does
  std::string when;     // when to change it
  std::vector<std::string> old_names;
};

std::span<const KeyInfo> all_keys();

// Its meaning as a phrase of its own: some go on from the unit, as in "controllers | that compete".
std::string whole_meaning(const KeyInfo& key);

// By name, now or before: a part of it, or a pattern in which '*' stands for any letters. Where no name fits,
// those whose meaning has that part.
std::vector<const KeyInfo*> keys_like(std::string_view pattern);

}  // namespace experiments
