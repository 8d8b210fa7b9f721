# Self-consistency (Wang et al., ICLR 2023): read n whole branches and let them vote.
controller sc

schedule
  n rises round(2^(1 + 5 * beta))

start
  read n

answer
  top(finished)
