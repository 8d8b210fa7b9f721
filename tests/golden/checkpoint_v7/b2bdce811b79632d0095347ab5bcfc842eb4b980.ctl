controller evolved

schedule
  n rises round(1.89 * 8.47^beta)

round
  read 1 when opened < n
  stop when opened >= n
  open 3

answer
  top(finished, 1 / depth)
