#include "genome/variation/beta_tables.hpp"

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "genome/base/check.hpp"
#include "genome/tree/constants.hpp"

namespace genome {
namespace {

using Tables = std::map<std::string, Expr>;  // by entry

Expr table(std::span<const double> betas, std::span<const double> values) {
  Expr e = number(values.back());
  for (std::size_t i = betas.size() - 1; i-- > 0;) {
    const double step = (betas[i] + betas[i + 1]) / 2;
    e = apply(Op::kIf, {apply(Op::kLess, {name("beta"), number(step)}), number(values[i]), e});
  }
  return e;
}

// Nothing where a value is infinite, which no literal can say.
std::optional<Tables> tables_of(const Controller& c, std::span<const double> betas) {
  std::map<std::string, std::vector<double>> values;
  for (const double beta : betas) {
    const ConstantNames names = constant_names(c, beta);
    for (const ScheduleEntry& entry : c.schedule) {
      const double value = names.at(entry.name);
      if (!std::isfinite(value)) return std::nullopt;
      values[entry.name].push_back(value);
    }
  }
  Tables tables;
  for (const auto& [entry, own] : values) tables.emplace(entry, table(betas, own));
  return tables;
}

void put(Expr& e, const Tables& tables) {
  for (std::size_t i = 0; i < e.size(); ++i) {
    if (e.nodes[i].op != Op::kName) continue;
    const auto found = tables.find(e.nodes[i].name);
    if (found == tables.end()) continue;
    e = e.replaced({i, i + 1}, found->second);
    i += found->second.size() - 1;  // a table holds no entries
  }
}

void collect(const Expr& e, const Tables& tables, std::set<std::string>& read) {
  for (const Node& n : e.nodes) {
    if (n.op == Op::kName && tables.contains(n.name)) read.insert(n.name);
  }
}

// The entries that `round` reads, as lets at its beginning, in the order of the schedule.
void put_lets(Controller& c, const Tables& tables, const std::vector<ScheduleEntry>& schedule) {
  std::set<std::string> read;
  for (const Statement& s : c.round) {
    for (const Expr* part : {&s.value, &s.set, &s.order, &s.keep, &s.guard}) collect(*part, tables, read);
  }
  std::vector<Statement> lets;
  for (const ScheduleEntry& entry : schedule) {
    if (!read.contains(entry.name)) continue;
    lets.push_back({.verb = Verb::kLet, .target = entry.name, .value = tables.at(entry.name)});
  }
  c.round.insert(c.round.begin(), lets.begin(), lets.end());
}

}  // namespace

std::optional<CheckedController> with_beta_tables(const CheckedController& controller,
                                                  std::span<const double> betas) {
  EVOTTS_CHECK(!betas.empty());
  const Controller& tree = controller.tree();
  if (tree.schedule.empty()) return controller;
  const std::optional<Tables> tables = tables_of(tree, betas);
  if (!tables) return std::nullopt;
  Controller c = tree;
  c.schedule.clear();
  for (auto* list : {&c.memory, &c.branch}) {
    for (Register& slot : *list) put(slot.initial, *tables);
  }
  for (Statement& s : c.start) {
    for (Expr* part : {&s.value, &s.set, &s.order, &s.keep, &s.guard}) put(*part, *tables);
  }
  for (Expr& line : c.answer) put(line, *tables);
  put_lets(c, *tables, tree.schedule);
  return check(c).controller;
}

bool is_place_on_knob(const Expr& e, std::size_t node) {
  if (node < 2 || e.nodes[node - 1].op != Op::kName || e.nodes[node - 1].name != "beta") return false;
  const Op op = e.nodes[node - 2].op;
  return op == Op::kLess || op == Op::kLessEqual || op == Op::kGreater || op == Op::kGreaterEqual;
}

}  // namespace genome
