controller evolved

schedule
  n rises round(2^(1 + 5 * beta))
  width rises round(9 + 24 * beta)
  spawn rises round(1 + 8 * beta)
  doubt rises 0.781 + 0.132 * beta
  width2 rises round(10 * 4.8^beta)
  spawn2 rises round(2 + 2 * beta)
  doubt2 rises 0.649 + 0.227 * beta

round
  read 1 when opened < n
  stop when opened >= 2 and confidence(finished) > 0.95
  stop when opened >= n and distinct(not pruned) >= width
  open min(spawn, width - opened) when any(finished) and confidence(active) < doubt
  open min(spawn2, width2 - opened) when any(finished) and confidence(active and not blank(answer)) < doubt2

answer
  top(finished)
