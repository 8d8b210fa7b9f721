# Plurality: branches go side by side, and only those go on that give the most common answer at the same depth. Long
# branches count more. Found on chains of arithmetic, whose branches share their first steps and err alone; not for
# questions on which looks say little of where a branch will end. Numbers are round ones.
controller plurality
rounds 500

schedule
  width  rises  round(4 * 8^beta)    # opened side by side: 2 to 32
  least  rises  2 + 2*beta           # never fewer stay: 1 to 6
  more   rises  round(4 + 40*beta^2) # tried one by one where those ended without a sure vote: 0 to 56
  needed rises  0.8 + 1.6*beta       # weight of the winner, of about 1 a branch: 0.5 to 5
  power  rises  3                    # of length in votes, where long branches are right: 0 to 6

start
  open width

round
  prune active and answer != top(active) first -votes(answer, active) keep least
  advance active by 1
  stop when count(finished) >= 2 and support(finished, (tokens / mean(tokens, finished)) ^ power) >= needed
  stop when opened >= width + more and not any(active)
  open 1 when not any(active)

answer
  top(finished, (tokens / mean(tokens, finished)) ^ power)
  top(not pruned)
