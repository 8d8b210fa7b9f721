controller c

start
  open maxx(3, 4)
  open len(finished)
  open depth(3)

round
  stop when confidense(finished) > 0.9

answer
  top(finished)
