controller c

schedule
  width rises 3 +
  level rises && 3

memory
  n = )

branch
  b = 3 3

start
  let x = (3
  open width + level + n + x

round
  let y = 3 @
  b = b + y
  n = n + y
  advance active by b
  stop when y

answer
  top(finished)
