controller evolved

schedule
  patience rises round(0 + 11.6 * beta)

memory
  trace = 0

start
  open 1

round
  prune active and depth < 49 keep trace when (exists(top(finished, streak)) or max(streak, active) >= 18) and exists(top(finished))
  prune active and depth < 33 first patience keep 2 when exists(top(not pruned, streak)) and exists(top(not pruned, depth))
  stop when any(streak >= patience and not blank(answer))
  trace = mix(trace, entropy(finished), 0.2)
  stop when not any(active) or trace >= 0.32
  advance active by 1

answer
  top(not blank(answer))
  top(opened > 0.033)
