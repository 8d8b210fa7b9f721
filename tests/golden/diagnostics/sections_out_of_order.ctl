controller c

round
  advance active by 1
  x = x + 1

memory
  x = 0

start
  open 3

answer
  top(finished)
