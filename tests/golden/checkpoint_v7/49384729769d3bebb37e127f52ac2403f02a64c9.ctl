controller evolved
rounds 100

schedule
  n rises round(2^(-1 + 4 * beta))
  level rises 0.624 + 0.288 * beta
  quorum rises round(4 + 6 * beta)

memory
  leader = none
  same = 0

branch
  strikes = 0

start
  open n

round
  advance active by 1
  leader = top(not pruned)
  let judging = round >= 15 and count(not pruned) > 1
  let before = leader
  strikes = if(answer != leader, strikes + 0, -0.131) for active when judging
  prune active and strikes >= 9 when judging
  leader = top(not pruned)
  same = if(leader == before, same + 3, 0)
  stop when same >= 29
  stop when not any(active)
  stop when count(finished and not blank(answer)) >= quorum and confidence(finished and not blank(answer)) >= level

answer
  leader
