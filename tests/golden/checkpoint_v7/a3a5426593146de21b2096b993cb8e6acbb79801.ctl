controller parallel_probe
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
  let judging = round >= 15 and count(not pruned) > 1
  strikes = if(answer != leader, strikes + 1, 0) for active when judging
  prune active and strikes >= 7 when judging
  leader = top(not pruned)
  same = if(leader == before, same + 1, 0)
  stop when same >= 40
  stop when not any(active)

answer
  leader
