controller evolved

schedule
  patience rises round(-0.115 + 14 * beta)
  level rises 0.752 + 0.154 * beta
  quorum rises round(2 + 0 * beta)

start
  open 3

round
  stop when any(streak >= patience and not blank(answer))
  stop when not any(active)
  advance active by 1
  stop when count(not pruned) >= quorum and confidence(not pruned) >= level

answer
  top(not blank(answer))
  top(opened > 3)
