# DeepConf, offline (Fu et al., arXiv 2508.15260): read n branches, and let the surest vote, each by how sure it was.
# A branch is as sure as its weakest interval. The mean log-probability of the sampled tokens stands for the paper's
# confidence of the top candidates, which few servers tell.
controller deepconf

schedule
  n     rises round(2^(1 + 5 * beta))
  share rises 0.9                  # of the branches, which votes

branch
  kept = 1

round
  read 1
  kept = 0 for kept == 1 and signal_min(logprob) <= min(signal_min(logprob), kept == 1) when count(kept == 1) > max(1, round(share * n))
  stop when opened >= n

answer
  top(kept == 1, exp(signal_min(logprob)))
