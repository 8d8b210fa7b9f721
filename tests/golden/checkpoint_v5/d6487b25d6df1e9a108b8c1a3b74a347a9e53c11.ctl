controller evolved

schedule
  n rises round(2^(1 + 5 * beta))
  cohort rises round(6 + 2 * beta)
  reach rises 7.35 + 4.87 * beta
  width rises round(10 + 36 * beta)
  knob rises round(1 + 0 * beta)

start
  open cohort

round
  read knob when opened < n
  stop when opened >= 2 and confidence(finished, depth^-0.5) > 0.95
  open width - opened when max(depth, active) >= reach or not any(active)

answer
  top(finished)
