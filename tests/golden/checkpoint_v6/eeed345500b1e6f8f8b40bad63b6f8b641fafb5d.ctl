controller evolved

schedule
  n rises round(8 * 83.4^beta)

round
  read 7 when opened < n
  stop when opened >= 2 and confidence(finished) > 0.95
  stop when opened >= n

answer
  top(finished)
