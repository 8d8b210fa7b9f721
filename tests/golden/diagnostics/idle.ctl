controller c

memory
  n = 0

start
  open 3

round
  n = n + opened
  probe active

answer
  top(finished)
  if(n > 3, top(active), none)
