# Plurality in waves: whole waves of branches are opened until the vote is safe, and in each the most common answer goes on.
# A wave goes side by side, and answers are compared at the same depth. Long branches count more. Found on chains of
# arithmetic, as plurality was, which tries later branches one by one. Numbers are round ones.
controller plurality_waves
rounds 500

schedule
  width  rises round(4 * 8^beta)    # of a wave: 2 to 32
  least  rises 2 + 2*beta           # never fewer of a wave stay: 1 to 6
  needed rises 0.8 + 2.5*beta       # weight of the winner, of about 1 a branch: 0.5 to 5
  power  rises 2.5                  # of length in votes, where long branches are right: 0 to 6

start
  open width

round
  prune active and answer != top(active) first -votes(answer, active) keep least
  advance active by 1
  stop when count(finished) >= 2 and support(finished, (tokens / mean(tokens, finished)) ^ power) >= needed
  open width when not any(active)

answer
  top(finished, (tokens / mean(tokens, finished)) ^ power)
  top(not pruned)
