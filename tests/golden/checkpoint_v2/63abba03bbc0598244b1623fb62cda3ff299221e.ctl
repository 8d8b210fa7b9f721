controller evolved
rounds 100

schedule
  n rises round(2^(1 + 5 * beta))
  calm rises round(3 + 27.4 * beta)
  burst rises round(2 + 2 * beta)

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
  advance active by if(answer == top(finished, 1 / depth), burst, 1)
  let before = leader
  let judging = round >= 15 and count(not pruned) > 1
  strikes = if(answer != leader, strikes + 1, 0) for active when judging
  prune active and strikes >= 7 when judging
  leader = top(not pruned)
  same = if(leader == before, same + 1, 0)
  stop when same >= 40
  stop when not any(active)
  leader = top(not pruned)
  same2 = if(exists(leader2) and top(not pruned) == leader2, same2 + 1, 0)
  leader2 = top(not pruned)
  stop when same2 >= calm

answer
  leader
