controller c

start
  open widht

answer
  top(finishd)