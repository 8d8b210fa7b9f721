// key_collector.hpp: what files and settings give for the keys of an experiment, and what is wrong with it.
// Why:      problems of all keys are reported at once, each with its place, whichever file it stands in.
// Use:      KeyCollector collector("demo.toml", variables);
//           if (const auto base = collector.take_file(text, "demo.toml", ".", kTopFile)) ...   // its base
//           collector.take_setting("seed=7");
//           evo::Experiment e = collector.finish();
// Promises: a layer overrides those below it: settings the file, a file its base. A key given by its old name
//           counts as the new one; both in one layer are a problem. finish() throws one UsageError with all
//           problems in the order of the layers and, within a file, of the text.
// Threads:  one thread.
// Tests:    tests/experiments/config/experiment_file_test.cpp, tests/experiments/config/old_names_test.cpp
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "experiments/config/experiment_keys.hpp"

namespace experiments {

// The value of an environment variable, if it is set. An empty one stands for a text without variables.
using VariableLookup = std::function<std::optional<std::string>(const std::string& name)>;

// The environment variables that were put into strings.
struct Expansions {
  struct Use {
    std::string variable, key;
    friend auto operator<=>(const Use&, const Use&) = default;
  };
  std::set<Use> uses;
  std::map<std::string, std::string> written;  // by the string that came of it: how it was written
};

// Where something stands: its layer, its line and column there, and how messages show it.
struct Place {
  int layer = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string shown;  // "demo.toml:3:8" or "--set seed"
};

struct Given {
  Value value;
  Place place;
  std::string name;              // as it was given: new or old
  std::filesystem::path folder;  // of the file; that of the top file for a setting
};

// A key given under an old name.
struct Renamed {
  std::string old_name, name;
  friend bool operator==(const Renamed&, const Renamed&) = default;
};

class KeyCollector {
 public:
  static constexpr int kTopFile = 8;  // the layer of the file that was asked for; its base is below it
  static constexpr int kSettings = kTopFile + 1;

  // Who wrote the top file: a run of an earlier program may hold what people may no longer write.
  enum class Writer : std::uint8_t { kPerson, kRun };

  KeyCollector(std::string_view top_file, const VariableLookup& variables, Writer writer = Writer::kPerson);

  // Gives what the file says of its base, if it names one.
  std::optional<Given> take_file(std::string_view text, std::string_view name,
                                 const std::filesystem::path& folder, int layer);
  void take_setting(std::string_view setting);
  void blame(const Place& place, std::string text) { problems_.push_back({place, std::move(text)}); }
  // A base that cannot be used: what is missing in the end may be in it, and is not complained of.
  void blame_base(const Place& place, std::string text) {
    blame(place, std::move(text));
    readable_ = false;
  }

  // REQUIRES: everything has been taken.
  evo::Experiment finish();

  // What was put in so far.
  const Expansions& expansions() const { return expansions_; }
  // Nullptr when the key was not given.
  const Given* given(std::string_view key) const;
  // Keys given by old names in this layer and above, in the order of the table.
  std::vector<Renamed> renamed(int layer) const;

 private:
  struct Problem {
    Place place;
    std::string text;
  };
  struct ElementSetting {
    std::string key, path;  // "models", "0.url"
    Value value;
    Place place;
  };

  void take(const Given& given, const Place& key_place, bool is_table);
  void keep(const Key& key, const Given& given);
  void read_into(evo::Experiment& experiment, const Key& key);
  bool read_as_recorded(const Key& key, const Given& given, evo::Experiment& experiment) const;
  bool expand_strings(const Given& given, Value& value, const std::string& key);
  void take_budgets_of_run(evo::Experiment& experiment);
  void check_together(const evo::Experiment& experiment);
  void check_models(const evo::Experiment& experiment);
  // Puts what settings say of single elements, as of models.0.url, into the arrays that files gave.
  void put_elements();
  // The place of the first of these keys that was given; the whole file when none was.
  Place place_of(std::span<const std::string_view> keys) const;

  std::string top_file_;  // as messages show it
  std::filesystem::path folder_;
  const VariableLookup& variables_;
  Writer writer_;
  bool readable_ = true;  // the files are TOML
  bool records_budget_ =
      false;  // the run does; that its rule is not recorded as well, an earlier program made it
  std::map<std::string, Given, std::less<>> given_;
  std::vector<std::pair<int, Renamed>> renamed_;  // by layer
  std::vector<ElementSetting> elements_;
  std::vector<Problem> problems_;
  Expansions expansions_;
};

}  // namespace experiments
