controller c

start
  read 3

answer
