controller evolved

schedule
  patience rises round(-0.094 + 14 * beta)

start
  open 3

round
  stop when any(streak >= patience and not blank(answer))
  stop when not any(active)
  advance active by 1

answer
  top(not blank(answer))
  top(opened > 0)
