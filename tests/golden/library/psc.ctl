controller psc

schedule
  n rises round(2^(1 + 5 * beta))

start
  read n

answer
  top(finished, exp(signal_mean(logprob)))
