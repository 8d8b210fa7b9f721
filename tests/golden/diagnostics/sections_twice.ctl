controller c

start
  open 3

round
  advance active by 1

round
  stop when not any(active)

answer
  top(finished)
