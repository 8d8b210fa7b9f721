# DeepConf, offline (Fu et al., arXiv 2508.15260): read n branches, and let the surest vote, each by how sure it was.
# A branch is as sure as its weakest interval. The mean log-probability of the sampled tokens stands for the paper's
# confidence of the top candidates, which few servers tell. Branches are read one after another to rank them.
controller deepconf

schedule
  n     rises round(2^(1 + 5 * beta))
  share rises 0.9                  # of the branches, which votes

branch
  place = 0                        # in the order of reading, which settles ties
  kept  = 1

round
  read 1
  place = opened for age == 0
  let least = min(signal_min(logprob), kept == 1)
  let last  = max(place, kept == 1 and signal_min(logprob) <= least)
  kept = 0 for kept == 1 and signal_min(logprob) <= least and place >= last when count(kept == 1) > max(1, round(share * n))
  stop when opened >= n

answer
  top(kept == 1, exp(signal_min(logprob)))
