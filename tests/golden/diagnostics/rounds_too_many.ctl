controller a
rounds 10001

start
  read 3

answer
  top(finished)
