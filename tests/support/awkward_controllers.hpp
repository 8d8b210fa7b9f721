// awkward_controllers.hpp: every operation and statement by hand, at its awkward places.
// Why:      the machine's ways of execution leave out what they can; here somebody reads it after all.
// Use:      for (const std::string_view text : tests::kAwkwardControllers) ...
// Promises: each checks without a mistake; signals that they name are kSignals of machine_test.cpp.
#pragma once

#include <string_view>

namespace tests {

inline constexpr std::string_view kAwkwardControllers[] = {
    // registers of every kind, read after more branches were opened; ago of a branch's own number of rounds
    R"(controller registers
rounds 9
schedule
  few rises 1 + 2 * beta
memory
  n = few / 2
  t = beta >= 0.5
  a = none
branch
  x = few
  u = not (beta < 0.3)
  w = none
start
  open few
round
  let old = x
  let seen = answer
  let high = depth > 2
  let late = depth when round >= 2
  let flag = true when opened > 3
  let lead = top(not pruned) when round != 1
  n = n + max(ago(n, age), active) * 0.5 + count(active)
  x = x + ago(n, x - 1) for active or u
  u = ago(t, depth) and not u for streak <= 2
  w = if(u, ago(a, changes), answer) for finished or high
  t = ago(t, 1) != (n > 4)
  a = if(t, lead, ago(a, 2)) when exists(lead) or flag
  open 1 when round < 3
  advance active by if(x == old, 2, 1) first old - late
  x = old + late + if(high, 1, 0) + if(seen == answer, 0.5, -0.5)
  stop when sum(x, w == seen) > 60
answer
  a
  top(w == answer, x)
  top(true)
)",
    // every vote, weighed with negative, infinite and cancelling weights; order of finishing and of opening
    R"(controller ballots
rounds 14
memory
  best = none
  score = 0
branch
  weight = 0
start
  open 3
  read 2
round
  weight = if(blank(answer), -1, streak - changes) + votes(answer, finished) - votes(answer, finished, depth)
  best = top(finished and not blank(answer), weight)
  score = support(not pruned, weight) - runner_up(not pruned, weight) + distinct(true, weight) * entropy(not finished, abs(weight))
  score = score + confidence(finished, weight) + confidence(finished and weight > 0) + votes(best, true, remaining) / remaining
  score = score + votes(none, true) + support(active, remaining) - runner_up(active, -remaining) + entropy(finished, remaining)
  prune active and answer != top(finished) first -weight keep 2 - beta when score > 0
  advance not finished by 1 + mod(depth, 2) first weight
  open 1 when any(weight < 0) or all(weight > 0, active)
  stop when top(true, -depth) == best and round > 5
  stop when top(finished and (active or finished)) == top(finished or false, 1) and beta > 0.7
answer
  best
  top(finished, weight)
  top(pruned or active, -tokens)
)",
    // the two halves of advance, and a dear probe
    R"(controller halves
rounds 20
start
  open 2 when interval > 0
  continue true by 2
round
  continue active by if(age > 1, 2, 1) first -depth when mod(round, 2) == 0
  probe active and depth >= 2 or finished
  probe pruned when any(pruned)
  prune active and streak < 1 keep count(active) / 2 when round >= 3
  read 1 when round == 2
  open 0.9
  open 1 when round == 4
  stop when not any(active) and round > 4
  stop when remaining <= 2 * interval and exists(top(true))
answer
  top(exists(answer))
)",
    // arithmetic with operands nobody would write
    R"(controller arithmetic
rounds 6
schedule
  huge rises 1e308 * (1 + beta)
  tiny falls 0.1 - 0.1 * beta
memory
  n = huge * 10
  m = -huge
start
  open 4
round
  n = min(max(n - remaining, m / tiny), huge) + floor(spent / interval) + ceil(0.5) - abs(-max(depth, true))
  m = mix(m, exp(round) + log(spent - 5) + sqrt(opened - 3), 0.5) ^ round(beta + 0.5) + (-8) ^ (1 / 3) + 0 ^ -1
  m = m + beta_confidence(opened, round - 2) + beta_confidence(n, m) + round(spent / 7, opened - 2) + -m ^ 2 / 1e300
  advance active by depth + 1 + mod(-depth, 3) first round(depth / 3, 1) + exp(-age) - mix(depth, age, beta) ^ 2
  open max(sqrt(log(exp(2))), abs(floor(-0.5)) - ceil(beta))
  prune true first min(depth, age) * max(tokens, 3) / 0 + beta_confidence(depth, age) keep max(depth, active)
  let depth_now = min(depth, finished) + max(streak, pruned) + mean(changes, active) - sum(remaining, active)
  stop when depth_now > 3 or n <= m or not (n >= m) and n < 2
answer
  if(n > m, top(finished), none)
  top(true)
)",
    // the same votes again after what they rest on has changed
    R"(controller stale
rounds 12
memory
  n = 0
branch
  u = true
  x = 1
start
  open 4
round
  n = support(u, x)
  u = not u for mod(depth + age, 3) != 1
  n = n + 2 * runner_up(u, x) + 3 * distinct(u, x)
  x = x + depth - streak
  n = n + support(u, x)
  advance active by 1 + mod(n, 2) when top(u, x) == top(u) or n > 5
  n = n + support(u, x)
  open 1 when mod(n, 3) == 1
  stop when mod(n, 7) == 3
answer
  top(u, x)
  top(true, x)
)",
    // spends everything at once, in start alone
    R"(controller hasty
start
  read 1e9
  open remaining
  advance active by remaining first remaining
  stop
answer
  top(finished)
)",
    // signals of branches that move apart, are pruned, cut or read
    R"(controller signals
rounds 8
branch
  seen = 0
start
  open 3
  continue active by 1
round
  let least = min(signal_min(top), not pruned)
  seen = signal(3rd) - signal_mean(alpha)
  advance active by 1 + mod(depth, 2) first signal_mean(3rd)
  read 1 when round == 2
  prune active and signal_min(alpha) < least first signal(alpha) keep 1
  seen = max(seen, signal_mean(3rd)) for finished
answer
  top(finished, exp(signal_mean(alpha)))
  top(true, abs(seen))
)",
    // answers that matter in some rounds alone, by one truth or another, and are looked at late
    R"(controller seldom
rounds 16
memory
  n = 0
branch
  agrees = 0
start
  open 4 + 3 * beta
round
  let leader = top(finished)
  let judged = round >= 3 and exists(leader)
  let odd = mod(round, 3) == 1
  advance active by if(judged and answer == leader, 2, 1) first depth
  agrees = if(odd and answer == leader, agrees + 1, agrees) + if(odd and not exists(answer), 5, 0)
  prune active and (answer == top(true) and judged) first agrees keep 3 when n > 4
  n = n + count(odd and answer == leader) + count(judged and exists(answer)) / 2
  continue active by 1 when mod(round, 4) == 2
  probe active and odd
  open 1 when judged and opened < 9
  stop when sum(agrees, true) > 30 + n
answer
  top(agrees > 1)
  top(true)
)",
    // more truths at a time than there are mask registers
    R"(controller crowded
rounds 3
memory
  a = none
  n = 0
branch
  u = true
  s = none
start
  open 3
round
  s = if(not depth < 2 and if(if(not exists(answer) and true, not pruned, active), u, true), if(not pruned, s, a), if(true and (true or depth < 2) == active, answer, answer))
  u = if(votes(answer, not pruned) >= 3, true, if(not exists(answer), answer, a) == answer and u) for true
  n = n + count(u)
  advance active by 1 when n > 2
  stop when n > 7
answer
  top(u)
)",
    // stands still, once a register no longer changes
    R"(controller settling
rounds 200
memory
  m = 0
branch
  w = 1
start
  open 5
round
  m = mix(m, 1, 0.5)
  w = mix(w, depth + votes(answer, active), 0.7) for active when m < 1
  prune active and w > 6 when m == 1
  stop when m > 0.75 and count(active) < 4
  advance active by 0 - m
answer
  top(active, w)
  top(true)
)",
    // stands still but for one sort of registers or of sets, and then does something
    R"(controller growing
rounds 90
branch
  w = 0
start
  open 3
round
  w = w + 1 for active
  advance active by 1 when max(w, active) >= 33 and max(w, active) <= 35
answer
  top(active)
)",
    R"(controller counting
rounds 90
branch
  ones = false
  twos = false
  fours = false
start
  open 3
round
  fours = not (fours == (ones and twos)) for active
  twos = not (twos == ones) for active
  ones = not ones for active
  advance active by 1 when any(ones and twos and fours)
answer
  top(active)
)",
    R"(controller passing
rounds 90
branch
  newest = none
  newer = none
  oldest = none
start
  open 3
round
  oldest = newer for active
  newer = newest for active
  newest = answer for active
  advance active by 1 when any(exists(oldest)) and max(depth, active) < 9
answer
  top(active)
)",
    R"(controller thinning
rounds 90
start
  open 5
round
  advance active by 1 when count(active) == 2
  prune active keep max(2, count(active) - 1)
answer
  top(active)
)",
    R"(controller probing
rounds 90
start
  open 5
  continue active by 4
round
  advance active by 1 when sum(streak + changes, true) > 5
  probe active when count(active) == 4
  prune active keep 4
answer
  top(active)
)",
    // never the same twice in a row, but every other round
    R"(controller blinking
rounds 40
memory
  odd = false
branch
  marked = false
  seen = none
start
  open 4
round
  odd = not odd
  marked = odd and votes(answer, true) > 1 for active
  seen = if(odd, answer, top(true)) for active
  probe marked when odd
  prune active and not exists(answer)
answer
  top(active)
)",
    // does nothing for long, and then something
    R"(controller sleeper
rounds 90
memory
  n = 0
start
  open 3
round
  n = n + 1
  advance active by 1 when n >= 33 and n <= 35
  n = if(n > 36, 37, n)
  prune active first depth keep 1 when n == 36
answer
  top(active)
)",
    // never does anything, but for long
    R"(controller idler
rounds 300
memory
  n = 0
start
  open 1
round
  n = n + 1
  prune active first depth keep n - 250
  stop when ago(n, 1) + ago(n, 1e9) > 280
answer
  none
)",
};

}  // namespace tests
