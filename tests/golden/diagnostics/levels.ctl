controller c

memory
  n = 0

start
  open depth

round
  n = depth
  stop when finished
  prune active keep streak
  advance active by 1 when answer == top(finished)

answer
  answer
