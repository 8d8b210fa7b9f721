controller evolved

schedule
  patience rises round(1.81 + 15.25 * beta)

start
  open 2

round
  stop when any(streak >= patience and not blank(answer))
  stop when not any(active)
  advance active by 1

answer
  top(not blank(answer))
  top(votes(answer, not pruned) / count(not pruned) >= 0.226)
