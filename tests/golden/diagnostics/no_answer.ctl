controller c

start
  read 3
