controller surprisal
rounds 500

schedule
  places rises round(1 + 2 * beta)
  width rises round(10 * 6.4^beta)
  quorum rises round(1 + 2 * beta^3)
  limit rises -0.3

start
  open places

round
  prune active and signal(logprob) < limit
  advance active by 1
  stop when count(finished and signal_min(logprob) >= limit) >= quorum
  open min(places - count(active), width - opened) when count(active) < places

answer
  top(finished, exp(10 * signal_min(logprob)) * tokens^2)
  top(depth > 0, exp(10 * signal_min(logprob)) * tokens^2)
