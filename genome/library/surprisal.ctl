# Surprisal: a branch is given up in the step in which its tokens were too unlikely, and another one is opened. The
# first to end without such a step answers; with more to spend, as many as are needed. Found on chains of arithmetic,
# where most wrong branches go wrong in a step that the model itself found unlikely. How unlikely a step is depends on
# the model: `limit` is to be turned, by a search or by hand. Other numbers are round ones.
controller surprisal
rounds 500

schedule
  places rises  round(1 + 2*beta)      # branches side by side: 1 to 8
  width  rises  round(10 * 6.4^beta)   # opened at most: 2 to 64
  quorum rises  round(1 + 2*beta^3)    # ends without an unlikely step: 1 to 4
  limit  rises  -0.3                   # mean log-probability of a step: -2 to -0.05

start
  open places

round
  prune active and signal(logprob) < limit
  advance active by 1
  stop when count(finished and signal_min(logprob) >= limit) >= quorum
  open min(places - count(active), width - opened) when count(active) < places

answer
  top(finished, exp(10 * signal_min(logprob)) * tokens ^ 2)
  top(depth > 0, exp(10 * signal_min(logprob)) * tokens ^ 2)
