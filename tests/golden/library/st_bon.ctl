controller st_bon

schedule
  n rises round(2^(1 + 5 * beta))
  look rises round(4 + 8 * beta)

branch
  closeness = 0

start
  open n

round
  closeness = closeness + if(blank(answer), 0, votes(answer, active) / count(active)) for active
  prune active first -closeness keep 1 when round == look
  advance active by 1
  stop when not any(active)

answer
  top(finished, closeness)
  top(not pruned)
