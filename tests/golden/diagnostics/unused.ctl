controller c

schedule
  width rises 3
  height rises 3

memory
  n = 0
  m = 0

branch
  b = 0

start
  let a = 3
  open width

round
  let a = 3
  n = a
  m = m + 1
  b = b + 1
  advance active by 1

answer
  top(finished)
