controller evolved

schedule
  n rises round(2 * 10.9^beta)

round
  stop when opened >= n
  read 1 when opened < n
  stop when opened >= 2 and confidence(finished, depth^-0.5) > 0.95

answer
  top(finished, depth^-0.5)
