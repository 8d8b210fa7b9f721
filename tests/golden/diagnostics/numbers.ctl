controller c

start
  open 1.2.3
  open 3x
  open 1e
  open 0x10
  open 1e999
  open 1e-999
  open +3
  open .
  open 1_000

answer
  top(finished)
