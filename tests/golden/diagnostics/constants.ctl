controller c

schedule
  a rises depth
  b rises count(true)
  d rises later
  later rises 3
  e rises e + 1
  f rises round + 1

memory
  x = opened
  leader = top(finished)
  y = count(true)

start
  open a + b + d + e + f + later

round
  stop when x > 3 or leader == none or y > 2

answer
  top(finished)
