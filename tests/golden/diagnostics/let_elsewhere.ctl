controller c

start
  let few = 3
  open few

round
  advance active by few
  stop when leader == none
  let leader = top(finished)

answer
  leader
