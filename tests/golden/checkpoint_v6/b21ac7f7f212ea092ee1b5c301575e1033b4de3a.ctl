controller evolved

schedule
  n rises round(2 * 28.5^beta)
  patience rises round(6 + 0 * beta)

memory
  run = 0

branch
  dissent = 0

round
  dissent = if(exists(top(active)) and answer != top(active), dissent + 1, 0) for active
  prune active and dissent >= patience first dissent keep 3
  read 1 when opened < n
  run = if(exists(top(finished, 1 / depth)) and all(depth - mean(depth, active) >= 3.19, active), run + 1, 0)
  stop when opened >= 2 and confidence(finished) > 0.95
  stop when opened >= n or run >= 2

answer
  top(finished, if(finished, 2, 1))
