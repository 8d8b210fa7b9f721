controller c

start
  open (3 + 4
  open 3 + 4)
  open max(3, 4
  open max(3 4)
  open ()
  open max(3,)
  open
  open 3 +

answer
  top(finished)
