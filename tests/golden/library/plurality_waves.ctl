controller plurality_waves
rounds 500

schedule
  width rises round(4 * 8^beta)
  least rises 2 + 2 * beta
  needed rises 0.8 + 2.5 * beta
  power rises 2.5

start
  open width

round
  prune active and answer != top(active) first -votes(answer, active) keep least
  advance active by 1
  stop when count(finished) >= 2 and support(finished, (tokens / mean(tokens, finished))^power) >= needed
  open width when not any(active)

answer
  top(finished, (tokens / mean(tokens, finished))^power)
  top(not pruned)
