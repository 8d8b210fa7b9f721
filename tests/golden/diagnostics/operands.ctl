controller c

start
  open max(3)
  open mix(1, 2)
  open count()
  open round(1, 2, 3)

round
  stop when any(finished, active)

answer
  top(finished)
