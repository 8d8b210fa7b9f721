controler c

start
  open 3

answer
  top(finished)
