controller c

schedule
  beta rises 3
  when rises 4

memory
  top = 0
  round = 0

branch
  depth = 0

start
  open 3

round
  let first = 3
  depth = 3
  stop = true

answer
  top(finished)
