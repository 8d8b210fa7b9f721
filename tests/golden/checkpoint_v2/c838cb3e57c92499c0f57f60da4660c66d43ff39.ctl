controller evolved
rounds 100

schedule
  n rises round(2^(1 + 5 * beta))
  calm rises round(1 + 29 * beta)

memory
  leader = none
  same = 0
  leader2 = none
  same2 = 0

branch
  strikes = 0

start
  open n

round
  advance active by 1
  let before = leader
  let before2 = leader
  same = if(leader == before2, same + 1, 0)
  leader = top(not pruned)
  let judging = round >= 15 and count(not pruned) > 1
  strikes = if(answer != leader, strikes + 1, 0) for active when judging
  prune active and strikes >= 7 when judging
  leader = top(not pruned)
  same = if(leader == before, same + 2, 0)
  stop when same >= 40
  stop when not any(active)
  same2 = if(exists(leader2) and top(not pruned) == leader2, same2 + 1, 0)
  leader2 = top(not pruned)
  stop when same2 >= calm

answer
  leader
