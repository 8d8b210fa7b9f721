controller plurality
rounds 500

schedule
  width rises round(4 * 8^beta)
  least rises 2 + 2 * beta
  more rises round(4 + 40 * beta^2)
  needed rises 0.8 + 1.6 * beta
  power rises 3

start
  open width

round
  prune active and answer != top(active) first -votes(answer, active) keep least
  advance active by 1
  stop when count(finished) >= 2 and support(finished, (tokens / mean(tokens, finished))^power) >= needed
  stop when opened >= width + more and not any(active)
  open 1 when not any(active)

answer
  top(finished, (tokens / mean(tokens, finished))^power)
  top(not pruned)
