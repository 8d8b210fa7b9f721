controller c

schedule
  width rises 3
  width rises 4

memory
  n = 0
  width = 0

branch
  n = 0

start
  open width

round
  let n = 3
  let m = 3
  let m = m + 1
  advance active by m + n

answer
  top(finished)
