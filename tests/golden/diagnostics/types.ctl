controller c

memory
  leader = none
  n = 0

start
  open 3 > 2
  open true + 1

round
  stop when count(finished)
  stop when 3 and true
  advance 3 by 1
  prune active first answer keep true
  leader = 3
  n = top(finished)
  stop when top(finished) == 3
  stop when not leader
  n = if(3, 1, 2)
  n = if(true, 1, none)
  n = min(active, 3)
  n = count(3)
  n = votes(3, finished)

answer
  support(finished)
