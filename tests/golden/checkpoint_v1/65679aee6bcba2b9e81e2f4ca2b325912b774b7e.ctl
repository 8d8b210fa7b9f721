controller evolved
rounds 100

schedule
  n rises round(2^(-2 + 5 * beta))

memory
  leader = none
  same = 1

start
  open n

round
  advance active by 1
  let before = leader
  leader = top(not pruned)
  leader = top(not pruned)
  same = if(leader == before, same + 1, 0)
  stop when same >= 30
  stop when not any(active)

answer
  leader
