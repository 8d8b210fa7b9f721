controller evolved

schedule
  n rises round(2^(1 + 5 * beta))
  cohort rises round(6 + 2 * beta)
  reach rises 7.35 + 4.87 * beta
  width rises round(10 + 36 * beta)

memory
  run = 0

start
  open cohort

round
  run = if(all(changes / max(1, depth) < 0.319, active), run + 1, 0)
  read 1 when opened < n
  stop when opened >= 2 and confidence(finished, depth^-0.5) > 0.95
  stop when opened >= n and run >= 3
  open width - opened when max(depth, active) >= reach or not any(active)

answer
  top(finished)
