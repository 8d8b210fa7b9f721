controller evolved

schedule
  patience rises round(3 + 16 * beta)

start
  open 1

round
  stop when any(streak >= patience and not blank(answer))
  stop when not any(active)
  advance active by 1

answer
  top(not blank(answer))
  top(opened > 3)
