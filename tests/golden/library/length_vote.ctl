controller length_vote

schedule
  n rises round(2^(1 + 5 * beta))
  needed rises 1.5 + beta
  power rises 2

round
  read 1
  stop when opened >= 2 and support(finished, (tokens / mean(tokens, finished))^power) >= needed
  stop when opened >= n

answer
  top(finished, (tokens / mean(tokens, finished))^power)
