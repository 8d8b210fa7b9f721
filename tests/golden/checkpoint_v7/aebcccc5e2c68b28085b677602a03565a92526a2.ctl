controller asc

schedule
  n rises round(2^(1 + 5 * beta))

round
  read 1 when opened < n
  stop when opened >= 2 and confidence(finished) > 0.95
  stop when opened >= n

answer
  top(finished)
