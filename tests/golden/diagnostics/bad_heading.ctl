controller 3things
rounds 0

start
  read 3

answer
  top(finished)
