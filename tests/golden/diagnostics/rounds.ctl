controller a
rounds 2.5

start
  read 3

answer
  top(finished)
