controller answer_consistency

schedule
  patience rises round(2 + 14 * beta)

start
  open 1

round
  stop when any(streak >= patience and not blank(answer))
  stop when not any(active)
  advance active by 1

answer
  top(not blank(answer))
  top(opened > 0)
