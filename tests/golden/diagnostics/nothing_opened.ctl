controller c

round
  advance active by 1

answer
  top(finished)
