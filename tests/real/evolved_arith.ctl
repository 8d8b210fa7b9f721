# Found by a search of two minutes on recordings of arith-1m; it reads a signal.
controller evolved

schedule
  n rises round(11.1 * 4.72^beta)
  warm rises max(1, round(3^(6 * beta)))

memory
  threshold = 0

branch
  place = 0
  kept = 1

round
  let votes_in = count(finished and kept == 1)
  stop when opened >= warm and votes_in >= 1 and support(finished and kept == 1) >= 0.553 * votes_in
  stop when opened >= n and not any(active)
  open n - opened when opened >= warm
  read 1 when opened < warm
  place = opened for age == 0
  let least = min(signal_min(logprob), finished and kept == 1)
  let last = max(place, finished and kept == 1 and signal_min(logprob) <= least)
  kept = 0 for finished and kept == 1 and signal_min(logprob) <= least and place >= last when opened <= warm and count(finished and kept == 1) > max(1, round(0.586 * warm))
  threshold = min(signal_min(logprob), finished and kept == 1) when opened == warm
  advance active by 1
  prune active and signal(logprob) < threshold

answer
  top(finished and kept == 1, exp(signal_min(logprob)))
  top(not pruned)
