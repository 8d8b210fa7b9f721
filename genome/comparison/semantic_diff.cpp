#include "genome/comparison/semantic_diff.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "genome/comparison/dependence.hpp"
#include "genome/comparison/equivalence.hpp"
#include "genome/comparison/inline_change.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/sites.hpp"

namespace genome {
namespace {

// Below this, a line is told as dropped and another as added, rather than one as changed.
constexpr double kAlike = 0.4;

struct Match {
  std::optional<std::size_t> from, to;
};

// The matching in order that has the most in common.
std::vector<Match> align(std::size_t m, std::size_t n,
                         const std::function<double(std::size_t, std::size_t)>& likeness_of) {
  std::vector alike(m, std::vector<double>(n, 0));
  std::vector best(m + 1, std::vector<double>(n + 1, 0));
  for (std::size_t i = m; i-- > 0;) {
    for (std::size_t j = n; j-- > 0;) {
      const double likeness = likeness_of(i, j);
      // Equal lines are worth more than the sum of what they could be changed into.
      alike[i][j] = likeness == 1 ? 2 : likeness >= kAlike ? likeness : -1;
      best[i][j] = std::max({best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j]});
    }
  }
  std::vector<Match> matches;
  for (std::size_t i = 0, j = 0; i < m || j < n;) {
    if (i < m && j < n && alike[i][j] > 0 && best[i][j] == best[i + 1][j + 1] + alike[i][j])
      matches.push_back({i++, j++});
    else if (j == n || (i < m && best[i][j] == best[i + 1][j]))
      matches.push_back({i++, std::nullopt});
    else
      matches.push_back({std::nullopt, j++});
  }
  return matches;
}

template <typename Line>
std::vector<LineChange> line_changes(const std::vector<Line>& a, const std::vector<Line>& b) {
  std::vector<LineChange> changes;
  for (const auto& [from, to] :
       align(a.size(), b.size(), [&](std::size_t i, std::size_t j) { return likeness(a[i], b[j]); })) {
    if (!to)
      changes.push_back({Change::kDropped, print(a[*from]), "", ""});
    else if (!from)
      changes.push_back({Change::kAdded, "", print(b[*to]), ""});
    else if (a[*from] == b[*to])
      changes.push_back({Change::kSame, print(a[*from]), print(b[*to]), ""});
    else
      changes.push_back({Change::kChanged, print(a[*from]), print(b[*to]), marked(a[*from], b[*to])});
  }
  return changes;
}

// ---- declarations: matched by name

template <typename Entry, typename Tell>
void by_name(const std::vector<Entry>& a, const std::vector<Entry>& b, Tell tell) {
  const auto find = [](const std::vector<Entry>& list, const std::string& name) -> const Entry* {
    const auto at = std::find_if(list.begin(), list.end(), [&](const Entry& e) { return e.name == name; });
    return at == list.end() ? nullptr : &*at;
  };
  for (const Entry& entry : a) tell(&entry, find(b, entry.name));
  for (const Entry& entry : b) {
    if (find(a, entry.name) == nullptr) tell(static_cast<const Entry*>(nullptr), &entry);
  }
}

std::vector<LineChange> register_changes(const std::vector<Register>& a, const std::vector<Register>& b) {
  std::vector<LineChange> changes;
  const auto text = [](const Register& r) { return r.name + " = " + print(r.initial); };
  by_name(a, b, [&](const Register* from, const Register* to) {
    if (to == nullptr)
      changes.push_back({Change::kDropped, text(*from), "", ""});
    else if (from == nullptr)
      changes.push_back({Change::kAdded, "", text(*to), ""});
    else if (*from == *to)
      changes.push_back({Change::kSame, text(*from), text(*to), ""});
    else
      changes.push_back({Change::kChanged, text(*from), text(*to),
                         from->name + " = " + marked(from->initial, to->initial)});
  });
  return changes;
}

ScheduleSide side_of(const ScheduleEntry& entry, const ConstantNames& at_zero, const ConstantNames& at_one) {
  return {entry.direction, print(entry.value), evaluate_constant(entry.value, at_zero),
          evaluate_constant(entry.value, at_one)};
}

std::vector<ScheduleChange> schedule_changes(const Controller& a, const Controller& b) {
  const ConstantNames zero_a = constant_names(a, 0), one_a = constant_names(a, 1);
  const ConstantNames zero_b = constant_names(b, 0), one_b = constant_names(b, 1);
  const auto same_values = [&](const std::string& entry) {
    return std::all_of(direction_grid().begin(), direction_grid().end(), [&](double beta) {
      return constant_names(a, beta).at(entry) == constant_names(b, beta).at(entry);
    });
  };
  std::vector<ScheduleChange> changes;
  by_name(a.schedule, b.schedule, [&](const ScheduleEntry* from, const ScheduleEntry* to) {
    ScheduleChange& change = changes.emplace_back();
    change.name = from != nullptr ? from->name : to->name;
    if (from != nullptr) change.from = side_of(*from, zero_a, one_a);
    if (to != nullptr) change.to = side_of(*to, zero_b, one_b);
    change.change = to == nullptr ? Change::kDropped : from == nullptr ? Change::kAdded : Change::kChanged;
    if (change.change != Change::kChanged) return;
    change.same_values = same_values(change.name);
    // The text may be the same and an entry that it mentions another.
    if (*from == *to && change.same_values) change.change = Change::kSame;
    if (from->value != to->value) change.marked = marked(from->value, to->value);
  });
  return changes;
}

// ---- lines: those of B in the order closest to that of A

void follow_order(const std::vector<Statement>& a, Controller& b, Section section) {
  std::vector<Statement>& lines = section == Section::kStart ? b.start : b.round;
  std::vector<double> place(lines.size());
  std::vector<bool> taken(a.size(), false);
  double latest = -1;
  for (std::size_t j = 0; j < lines.size(); ++j) {
    std::size_t best = a.size();
    double most = kAlike;
    for (std::size_t i = 0; i < a.size(); ++i) {
      const double alike = taken[i] ? 0 : likeness(a[i], lines[j]);
      if (alike > most || (alike == most && best == a.size())) best = i, most = alike;
    }
    if (best < a.size()) taken[best] = true;
    // A line that A does not have stays behind the one it follows in B.
    latest = best < a.size() ? static_cast<double>(best) : latest + 1e-3;
    place[j] = latest;
  }
  std::vector<Statement> ordered;
  for (const std::size_t j :
       Dependence(b, section).order([&](std::size_t x, std::size_t y) { return place[x] < place[y]; }))
    ordered.push_back(lines[j]);
  lines = std::move(ordered);
}

}  // namespace

std::string_view name_of(Change change) {
  switch (change) {
    case Change::kSame: return "same";
    case Change::kChanged: return "changed";
    case Change::kAdded: return "added";
    case Change::kDropped: return "dropped";
  }
  return "";
}

SemanticDiff semantic_diff(const Controller& a, const Controller& b) {
  SemanticDiff diff;
  diff.same_text = a == b;
  diff.equivalent = equivalent(a, b);
  diff.renamed = renamings(a, b);
  diff.rounds_from = a.rounds;
  diff.rounds_to = b.rounds;
  Controller like_a = b;
  for (const Renaming& renaming : diff.renamed) rename(like_a, renaming.to, renaming.from);
  follow_order(a.start, like_a, Section::kStart);
  follow_order(a.round, like_a, Section::kRound);
  diff.schedule = schedule_changes(a, like_a);
  diff.memory = register_changes(a.memory, like_a.memory);
  diff.branch = register_changes(a.branch, like_a.branch);
  diff.start = line_changes(a.start, like_a.start);
  diff.round = line_changes(a.round, like_a.round);
  diff.answer = line_changes(a.answer, like_a.answer);
  return diff;
}

}  // namespace genome
