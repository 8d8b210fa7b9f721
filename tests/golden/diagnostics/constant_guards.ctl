controller c

schedule
  width rises 3

start
  open width when true
  open 2 when width > 5

round
  advance active by 1 when beta >= 0
  stop when beta > 0.5

answer
  top(finished)
