controller deepconf_online

schedule
  n rises round(2^(2 + 4 * beta))
  warm rises max(2, round(2^(4 * beta)))

memory
  least = 0

branch
  kept = 1

round
  stop when opened >= warm and support(finished and kept == 1) >= 0.95 * count(finished and kept == 1)
  stop when opened >= n and not any(active)
  open n - opened when opened >= warm
  read 1 when opened < warm
  kept = 0 for finished and kept == 1 and signal_min(logprob) <= min(signal_min(logprob), finished and kept == 1) when opened <= warm and count(finished and kept == 1) > max(1, round(0.9 * warm))
  least = min(signal_min(logprob), finished and kept == 1) when opened == warm
  advance active by 1
  prune active and signal(logprob) < least

answer
  top(finished and kept == 1, exp(signal_min(logprob)))
  top(not pruned)
