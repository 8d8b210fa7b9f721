controller evolved
rounds 100

schedule
  n rises round(2^(1 + 5 * beta))

memory
  leader = none
  same = 0

branch
  strikes = 0

start
  open n

round
  advance active by 1
  let before = leader
  leader = top(not pruned)
  prune active and (all(depth / max(1, mean(depth, finished)) >= 0.932, active) or any(active and age < 41)) keep 4 when exists(top(finished)) and support(finished) / opened >= 0.551
  let judging = round >= 15 and count(not pruned) > 1
  strikes = if(answer != leader, strikes + 1, 0) for active when judging
  prune active and strikes >= 7 when judging
  leader = top(not pruned)
  same = if(leader == before, same + 3, 0)
  stop when same >= 40
  stop when not any(active)

answer
  leader
