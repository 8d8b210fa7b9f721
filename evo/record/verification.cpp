#include "evo/record/verification.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "evo/base/error.hpp"
#include "evo/git/run_lock.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/lineage.hpp"
#include "evo/record/run_files.hpp"
#include "genome/base/digest.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"

namespace evo {
namespace {

constexpr std::string_view kByHand = "was it edited by hand?";

std::optional<int> number_in(const CommitInfo& commit, const char* trailer) {
  const auto found = commit.trailers.find(trailer);
  if (found == commit.trailers.end() || found->second.empty() || found->second.size() > 9 ||
      found->second.find_first_not_of("0123456789") != std::string::npos) {
    return std::nullopt;
  }
  return std::stoi(found->second);
}

std::string first_line(const std::string& text) {
  return text.substr(0, std::min<std::size_t>(text.find('\n'), 80));
}

bool in_folder(const std::string& path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

// "population/<name>.ctl" -> "<name>"
std::string name_in(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return path.substr(slash + 1, path.size() - slash - 1 - std::string_view(".ctl").size());
}

// What is wrong with the text of a controller of that name, or nothing.
std::optional<std::string> problem_of_text(const std::string& text, const std::string& name) {
  if (genome::base::git_blob_id(text) != name)
    return fmt::format("its content is not the controller of that identity; {}", kByHand);
  const auto checked = genome::check_text(text).controller;
  if (!checked) return "does not check";
  if (genome::print(checked->tree()) != text) return "is not canonical";
  return std::nullopt;
}

// Commits from the newest back; what stopped the walk, if something did.
struct Chain {
  std::vector<CommitInfo> commits;  // newest first
  std::string cut;
};

Chain chain_from(const RunRepository& repository, std::string commit) {
  Chain chain;
  try {
    if (commit.empty()) commit = repository.head();
    // One after another: what is before a cut is to be seen.
    while (!commit.empty()) {
      chain.commits.push_back(repository.log(1, commit).front());
      commit = chain.commits.back().parent;
    }
  } catch (const std::runtime_error& error) {
    chain.cut = error.what();
  }
  return chain;
}

// Looks at the commits of a run, the oldest first.
class Walk {
 public:
  Walk(const RunRepository& repository, Verification& found)
      : repository_(repository), found_(found), problems_at_start_(found.problems.size()) {}

  void look_at(const CommitInfo& commit) {
    const std::size_t before = found_.problems.size();
    const auto generation = number_in(commit, "Generation");
    const bool fork = commit.trailers.contains("Fork-Point");
    place_ = generation ? fmt::format("generation {}", *generation)
                        : fmt::format("{} {}", fork ? "fork" : "commit", commit.id.substr(0, 10));
    follows(commit, generation, fork);
    std::map<std::string, std::string> now;
    try {
      now = repository_.files(commit.id);
    } catch (const std::runtime_error& error) {
      tell("", fmt::format("its files cannot be listed: {}", error.what()));
      whole_history_ = false;
      last_is_good_ = false;
      return;
    }
    new_births_.clear();
    changed_files(now, generation, fork || first_);
    files_ = std::move(now);
    for (auto it = lost_.begin(); it != lost_.end();) {
      const auto still = files_.find(it->first);
      it = still == files_.end() || still->second != it->second ? lost_.erase(it) : std::next(it);
    }
    if (!lost_.empty()) {
      whole_history_ = false;
      if (found_.problems.size() == before)
        tell("", fmt::format("needs {} files of earlier generations that cannot be read", lost_.size()));
    } else {
      compare_with_state(commit, generation);
    }
    first_ = false;
    last_is_good_ = found_.problems.size() == before;
    if (generation) ++found_.generations;
    if (last_is_good_ && whole_history_ && generation) {
      found_.newest_whole = *generation;
      found_.newest_whole_commit = commit.id;
      found_.whole_before = before == problems_at_start_;
    }
  }

  bool last_is_good() const { return last_is_good_; }

 private:
  void tell(const std::string& file, std::string text) {
    found_.problems.push_back({file.empty() ? place_ : place_ + " " + file, std::move(text)});
  }

  void follows(const CommitInfo& commit, std::optional<int> generation, bool fork) {
    if (!generation && !fork) {
      tell("", fmt::format("is no generation (\"{}\"); {}", first_line(commit.message), kByHand));
      return;
    }
    const int expected = last_ ? *last_ + 1 : 0;
    if (generation && *generation != expected)
      tell("", fmt::format("comes where generation {} should", expected));
    if (generation) last_ = generation;
  }

  std::optional<std::string> content(const std::string& path, const std::string& blob) {
    try {
      return repository_.content(blob);
    } catch (const StorageError& error) {
      tell(path, fmt::format("cannot be read: {}", error.what()));
      lost_.emplace(path, blob);
      return std::nullopt;
    }
  }

  void changed_files(const std::map<std::string, std::string>& now, std::optional<int> generation,
                     bool settings_may_change) {
    for (const auto& [path, blob] : files_) {
      if (now.contains(path) || in_folder(path, "population") || in_folder(path, "archive")) continue;
      tell(path, fmt::format("was removed; {}", kByHand));
    }
    std::vector<std::pair<std::string, std::string>> controllers;  // after the births
    for (const auto& [path, blob] : now) {
      const auto old = files_.find(path);
      if (old != files_.end() && old->second == blob) continue;
      const auto text = content(path, blob);
      if (!text) continue;
      if (in_folder(path, "population") || in_folder(path, "archive"))
        controllers.emplace_back(path, *text);
      else
        changed_file(path, *text, old == files_.end(), generation, settings_may_change);
    }
    for (const auto& [path, text] : controllers) changed_controller(path, text);
  }

  void changed_controller(const std::string& path, const std::string& text) {
    const std::string name = path.ends_with(".ctl") ? name_in(path) : "";
    const bool known = texts_.contains(name) && genome::base::git_blob_id(text) == name;
    if (!known) {
      if (const auto problem = problem_of_text(text, name)) return tell(path, *problem);
      texts_.insert(name);
      ++found_.texts;
    }
    if (!ids_.contains(name)) tell(path, "nothing under lineage/ says how it was born");
  }

  void changed_file(const std::string& path, const std::string& text, bool is_new,
                    std::optional<int> generation, bool settings_may_change) {
    static const std::set<std::string> kEachGeneration = {"generation.json", "frontier.csv", "best.ctl",
                                                          "checkpoint.bin"};
    static const std::set<std::string> kSettings = {"experiment.toml", "held_out.json"};
    if (kEachGeneration.contains(path)) return;  // compared with the checkpoint
    if (kSettings.contains(path)) {
      if (!settings_may_change) tell(path, fmt::format("was changed on the way; {}", kByHand));
    } else if (in_folder(path, "lineage")) {
      if (!is_new || !generation || path != lineage_path(*generation))
        return tell(path, fmt::format("was changed after its generation; {}", kByHand));
      births(path, text);
    } else if (in_folder(path, "journal")) {
      changed_exchange(path, text, is_new);
    } else {
      tell(path, fmt::format("is no file of a run; {}", kByHand));
    }
  }

  // A question under way is recorded as asked; the record of its reply takes the place of that, once.
  void changed_exchange(const std::string& path, const std::string& text, bool is_new) {
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) return tell(path, "is no JSON object");
    const bool awaited = awaited_.erase(path) > 0;
    if (!is_new && !awaited) tell(path, fmt::format("was changed after its generation; {}", kByHand));
    const auto outcome = json.find("outcome");
    if (outcome != json.end() && *outcome == "asked") awaited_.insert(path);
  }

  void births(const std::string& path, const std::string& text) {
    try {
      for (Born& born : births_in(text, path)) {
        for (const std::string& parent : born.birth.parents) {
          if (!ids_.contains(parent))
            tell(path, fmt::format("{} has the parent {}, who was never born", born.id.substr(0, 10),
                                   parent.substr(0, 10)));
        }
        if (!numbers_.emplace(born.birth.number, born.id).second)
          tell(path, fmt::format("two births have the number {}", born.birth.number));
        ids_.insert(born.id);
        ++found_.births;
        const std::uint64_t number = born.birth.number;
        new_births_.emplace(number, std::move(born));
      }
    } catch (const RunError& error) {
      tell("", error.what());
    }
  }

  void compare_with_state(const CommitInfo& commit, std::optional<int> generation) {
    std::optional<State> state;
    try {
      state = state_in(repository_, commit.id);
    } catch (const std::runtime_error& error) {
      return tell("", error.what());
    }
    const auto read = [&](const char* file) { return repository_.read(file, commit.id).value_or(""); };
    if (generation && state->generation != *generation)
      tell("checkpoint.bin", fmt::format("is of generation {}", state->generation));
    if (genome::base::sha1_hex(read("experiment.toml")) != state->experiment)
      tell("experiment.toml", fmt::format("is not what the checkpoint was made with; {}", kByHand));
    if (read("best.ctl") != state->best().text) differs("best.ctl");
    if (read("frontier.csv") != frontier_csv(state->archive)) differs("frontier.csv");
    if (generation) {
      compare_births(*state);
      compare_summary(read("generation.json"), *state, commit);
    }
    std::set<std::string> living, kept;
    for (const Individual& each : state->population) living.insert(population_path(each.id));
    for (const auto& [id, text] : state->archive.texts()) kept.insert(archive_path(id));
    compare_folder("population", living);
    compare_folder("archive", kept);
    if (generation && !commit.trailers.contains("Best-Id"))
      tell("", "the message of its commit does not name its best");
    for (const Individual& each : state->population) compare_birth(each);
  }

  void differs(const char* file) {
    tell(file, fmt::format("does not say what the checkpoint says; {}", kByHand));
  }

  // Whatever is there must be what the checkpoint gives; an earlier program may have written less.
  static bool contradicts(const nlohmann::json& said, const nlohmann::json& known) {
    if (!said.is_object() || !known.is_object()) return said != known;
    return std::ranges::any_of(said.items(), [&](const auto& each) {
      const auto at = known.find(each.key());
      return at == known.end() || contradicts(each.value(), *at);
    });
  }

  // The hypervolume depends on the experiment, so the file and the message are compared with each other.
  void compare_summary(const std::string& text, const State& state, const CommitInfo& commit) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    GenerationFigures made{.born = new_births_.size()};
    try {
      made.frontier_new = json.at("frontier").at("new").get<int>();
      made.hypervolume = json.at("frontier").at("hypervolume").get<double>();
      if (contradicts(json, nlohmann::json::parse(summary_json(state, made))))
        return differs("generation.json");
    } catch (const nlohmann::json::exception&) {
      return differs("generation.json");
    }
    compare_message(commit, state, made);
  }

  void compare_message(const CommitInfo& commit, const State& state, const GenerationFigures& made) {
    const Individual& best = state.best();
    const std::pair<const char*, std::string> expected[] = {
        {"Best-Id", best.id},
        {"Best-Score", fmt::format("{:.6f}", best.score)},
        {"Best-Fitness", fmt::format("{:.6f}", best.fitness)},
        {"Hypervolume", fmt::format("{:.6f}", made.hypervolume)},
        {"Frontier-New", fmt::format("{}", made.frontier_new)},
        {"Scored", fmt::format("{}", made.born)},
        {"Evaluations", fmt::format("{}", state.counters.evaluations)},
        {"Episodes", fmt::format("{}", state.counters.episodes)}};
    for (const auto& [name, value] : expected) {
      const auto said = commit.trailers.find(name);
      if (said != commit.trailers.end() && said->second != value)
        tell("", fmt::format("the message of its commit says {} {} where its checkpoint says {}; {}", name,
                             said->second, value, kByHand));
    }
    const std::string title = fmt::format("generation {}: best {:.3f}", state.generation, best.score);
    if (!commit.message.starts_with(title))
      tell("", fmt::format("the message of its commit begins with \"{}\", not with \"{}\"; {}",
                           first_line(commit.message), title, kByHand));
  }

  void compare_births(const State& state) {
    const std::uint64_t born = state.counters.births - std::min(births_, state.counters.births);
    if (born != new_births_.size())
      tell("", fmt::format("lineage/ has {} births where the checkpoint counts {}; {}", new_births_.size(),
                           born, kByHand));
    births_ = state.counters.births;
  }

  void compare_folder(std::string_view folder, const std::set<std::string>& expected) {
    const std::string prefix = fmt::format("{}/", folder);
    for (auto it = files_.lower_bound(prefix); it != files_.end() && it->first.starts_with(prefix); ++it) {
      if (!expected.contains(it->first))
        tell(it->first, fmt::format("the checkpoint does not know it; {}", kByHand));
    }
    for (const std::string& path : expected) {
      if (!files_.contains(path)) tell(path, fmt::format("is missing; {}", kByHand));
    }
  }

  void compare_birth(const Individual& each) {
    const auto number = numbers_.find(each.birth.number);
    if (number == numbers_.end() || number->second != each.id)
      return tell(population_path(each.id), "its birth is not the one that lineage/ records");
    const auto born = new_births_.find(each.birth.number);
    if (born == new_births_.end()) return;
    const Born& b = born->second;
    if (!(b.birth == each.birth) || b.score != each.score || b.fitness != each.fitness)
      tell(population_path(each.id),
           fmt::format("lineage/ and the checkpoint differ on its birth; {}", kByHand));
  }

  const RunRepository& repository_;
  Verification& found_;
  std::string place_;
  const std::size_t problems_at_start_;
  bool first_ = true, whole_history_ = true, last_is_good_ = false;
  std::optional<int> last_;
  std::uint64_t births_ = 0;                  // counted by the generation before
  std::map<std::string, std::string> files_;  // of the commit before
  std::map<std::string, std::string> lost_;   // path and content that cannot be read
  std::unordered_set<std::string> texts_, ids_;
  std::unordered_set<std::string> awaited_;  // journal files of questions that have no reply yet
  std::unordered_map<std::uint64_t, std::string> numbers_;
  std::map<std::uint64_t, Born> new_births_;
};

// Commits of generations among these, the highest generation first; later ones first.
std::vector<CommitInfo> generations_among(const RunRepository& repository,
                                          const std::vector<std::string>& commits) {
  std::vector<CommitInfo> found;
  for (const std::string& id : commits) {
    try {
      CommitInfo info = repository.log(1, id).front();
      if (number_in(info, "Generation")) found.push_back(std::move(info));
    } catch (const std::runtime_error&) {
      continue;  // listed as unreadable already
    }
  }
  std::ranges::stable_sort(found, [](const CommitInfo& a, const CommitInfo& b) {
    return std::pair(*number_in(a, "Generation"), a.time) > std::pair(*number_in(b, "Generation"), b.time);
  });
  return found;
}

void walk(const RunRepository& repository, const Chain& chain, const VerifyProgress& progress,
          Verification& found) {
  Walk walk(repository, found);
  for (std::size_t i = chain.commits.size(); i-- > 0;) {
    walk.look_at(chain.commits[i]);
    if (progress.generations) progress.generations(chain.commits.size() - i, chain.commits.size());
  }
  found.can_resume = walk.last_is_good();
}

// That the looks at what is held out are all on record, each as it was told.
void look_at_unsealings(const RunRepository& repository, Verification& found) {
  const std::string place = fmt::format("branch {}", kUnsealedBranch);
  try {
    const auto tip = repository.tip(kUnsealedBranch);
    if (!tip) return;
    const std::vector<Unsealing> looks = unsealings_of(repository);
    std::map<int, std::string> messages;
    for (const CommitInfo& each : repository.log(std::numeric_limits<std::size_t>::max(), *tip)) {
      if (const auto number = number_in(each, "Unsealing")) messages.emplace(*number, each.message);
    }
    for (std::size_t i = 0; i < std::max(looks.size(), messages.size()); ++i) {
      const int number = static_cast<int>(i) + 1;
      if (i >= looks.size() || looks[i].number != number || messages[number] != unsealing_message(looks[i]))
        found.problems.push_back(
            {place, fmt::format("look {} is not as it was recorded; {}", number, kByHand)});
    }
  } catch (const std::runtime_error& error) {
    found.problems.push_back({place, error.what()});
  }
}

// What is no history: which branch is out, and the files beside it. A writer puts all of it right.
void look_beside(const RunRepository& repository, Verification& found) {
  std::ifstream head(repository.path() / ".git" / "HEAD");
  const std::string text{std::istreambuf_iterator<char>(head), {}};
  if (text != "ref: refs/heads/main\n")
    found.notes.push_back("branch main is not the one that is out; 'evotts resume' puts that right");
  if (RunLock::holder(repository.path())) return;
  try {
    for (const auto& [file, how] : repository.edited_files())
      found.notes.push_back(
          fmt::format("{} is {} beside its commit; 'evotts resume' puts it back", file, how));
  } catch (const std::runtime_error& error) {
    found.notes.push_back(
        fmt::format("the files beside their commits cannot be compared: {}; 'evotts resume' puts them right",
                    error.what()));
  }
}

// When the branch is cut, the newest commit with a whole history among all that are there.
void look_for_another_start(const RunRepository& repository, const std::vector<std::string>& commits,
                            const VerifyProgress& progress, Verification& found) {
  for (const CommitInfo& candidate : generations_among(repository, commits)) {
    const Chain chain = chain_from(repository, candidate.id);
    if (!chain.cut.empty()) continue;
    Verification other;
    walk(repository, chain, progress, other);
    if (!other.newest_whole) continue;
    found.generations = other.generations;
    found.births = other.births;
    found.texts = other.texts;
    found.newest_whole = other.newest_whole;
    found.whole_before = other.whole_before;
    found.newest_whole_commit = other.newest_whole_commit;
    return;
  }
}

}  // namespace

Verification verify(const std::filesystem::path& path, const VerifyProgress& progress) {
  const RunRepository repository = RunRepository::open_damaged(path);
  Verification found;
  const ObjectsReport objects = check_objects(repository.path(), progress.objects);
  found.packs = objects.packs;
  found.objects = objects.objects;
  for (const DamagedFile& each : objects.files) found.problems.push_back({each.path, each.problem});
  if (!objects.unreadable.empty())
    found.problems.push_back(
        {".git/objects", fmt::format("{} of {} objects cannot be read or are not what their names say",
                                     objects.unreadable.size(), objects.objects)});
  const std::size_t before = found.problems.size();
  const Chain chain = chain_from(repository, {});
  if (!chain.commits.empty()) {
    for (const CommitInfo& each : chain.commits) {
      if (!found.newest) found.newest = number_in(each, "Generation");
    }
  }
  if (!chain.cut.empty()) {
    found.problems.push_back({chain.commits.empty() ? "branch main" : "history", chain.cut});
    look_for_another_start(repository, objects.commits, progress, found);
    return found;
  }
  walk(repository, chain, progress, found);
  if (found.problems.size() > before) {
    for (const DamagedFile& each : objects.orphans) found.problems.push_back({each.path, each.problem});
  }
  look_at_unsealings(repository, found);
  if (found.can_resume) look_beside(repository, found);
  return found;
}

std::optional<std::string> salvaged_commit(const std::filesystem::path& path, int generation) {
  const RunRepository repository = RunRepository::open_damaged(path);
  const ObjectsReport objects = check_objects(repository.path());
  for (const CommitInfo& candidate : generations_among(repository, objects.commits)) {
    if (number_in(candidate, "Generation") == generation && chain_from(repository, candidate.id).cut.empty())
      return candidate.id;
  }
  return std::nullopt;
}

}  // namespace evo
