controller evolved

schedule
  patience rises round(2 + 14 * beta)

start
  open 1

round
  stop when any(finished and not blank(answer))
  stop
  stop when any(active and round < patience)
  advance active by 1

answer
  top(not blank(answer))
  top(opened > 0)
