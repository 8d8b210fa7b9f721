controller c

start
  open 3 by 4

round
  advance active
  advance active 3
  advance active by 1 keep 3
  prune active keep 3 first depth
  prune active when true first depth
  open 3 for active
  stop 3
  stop when true when false
  let x 3
  let 3 = x
  advanse active by 1
  depth > 3
  3 + 4
  stop if true
  probe active And finished

answer
  top(finished)
