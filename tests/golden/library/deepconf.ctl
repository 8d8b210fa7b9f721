controller deepconf

schedule
  n rises round(2^(1 + 5 * beta))
  share rises 0.9

branch
  place = 0
  kept = 1

round
  read 1
  place = opened for age == 0
  let least = min(signal_min(logprob), kept == 1)
  let last = max(place, kept == 1 and signal_min(logprob) <= least)
  kept = 0 for kept == 1 and signal_min(logprob) <= least and place >= last when count(kept == 1) > max(1, round(share * n))
  stop when opened >= n

answer
  top(kept == 1, exp(signal_min(logprob)))
