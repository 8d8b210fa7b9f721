controller a
controller b
rounds 5
rounds 6

start
  read 3

round
  rounds 7
  advance active by 1

answer
  top(finished)
