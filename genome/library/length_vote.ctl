# Length-weighted votes: reads one branch after another until an answer has the votes that are needed, each weighed by
# its length beside the mean. Found on chains of arithmetic, where long branches are right; where short ones are, as on
# AIME, the power must be negative. Numbers are round ones.
controller length_vote

schedule
  n      rises  round(2^(1 + 5 * beta)) # read at most: 2 to 64
  needed rises  1.5 + beta              # weight of the winner, of about 1 a branch: 1 to 5
  power  rises  2                       # -6 to 6

round
  read 1
  stop when opened >= 2 and support(finished, (tokens / mean(tokens, finished)) ^ power) >= needed
  stop when opened >= n

answer
  top(finished, (tokens / mean(tokens, finished)) ^ power)
