controler a

start
  read 3

answer
  top(finished)
