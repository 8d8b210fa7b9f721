controller evolved

schedule
  n rises round(3.29 * 12.7^beta)
  knob rises 0.734 + 0.436 * beta

round
  stop when opened >= n
  read 1 when opened < n
  stop when opened >= 2 and confidence(finished, depth^-0.5) > knob

answer
  top(finished, depth^-0.5)
