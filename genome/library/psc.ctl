# Probability-weighted self-consistency (Wang et al., ICLR 2023, table 1): a vote counts by the probability of its branch.
# The probability is normalised by length: the mean log-probability of the branch's tokens.
controller psc

schedule
  n rises round(2^(1 + 5 * beta))

start
  read n

answer
  top(finished, exp(signal_mean(logprob)))
