# DeepConf, online (Fu et al., arXiv 2508.15260): a few whole branches set a threshold; later ones are given up in the
# interval in which they fall below it, and all ends when nearly all votes agree. See deepconf for what stands for
# confidence.
controller deepconf_online

schedule
  n    rises round(2^(2 + 4 * beta))
  warm rises max(2, round(2^(4 * beta)))

memory
  threshold = 0                    # how far the surest nine tenths of the first branches fell

branch
  place = 0
  kept  = 1                        # of the first branches, those nine tenths; of the others, all

round
  let votes_in = count(finished and kept == 1)
  stop when opened >= warm and votes_in >= 1 and support(finished and kept == 1) >= 0.95 * votes_in
  stop when opened >= n and not any(active)
  open n - opened when opened >= warm
  read 1 when opened < warm
  place = opened for age == 0
  let least = min(signal_min(logprob), finished and kept == 1)
  let last  = max(place, finished and kept == 1 and signal_min(logprob) <= least)
  kept = 0 for finished and kept == 1 and signal_min(logprob) <= least and place >= last when opened <= warm and count(finished and kept == 1) > max(1, round(0.9 * warm))
  threshold = min(signal_min(logprob), finished and kept == 1) when opened == warm
  advance active by 1
  prune active and signal(logprob) < threshold

answer
  top(finished and kept == 1, exp(signal_min(logprob)))
  top(not pruned)
