controller evolved

schedule
  n rises round(2^(1 + 5 * beta))

round
  read 1 when opened < n
  stop when opened >= n
  open 3

answer
  top(finished)
