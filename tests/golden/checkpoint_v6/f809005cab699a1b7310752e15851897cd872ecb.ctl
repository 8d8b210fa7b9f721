controller evolved

start
  open 1

round
  stop when any(finished and not blank(answer))
  stop
  stop when exists(top(finished and not blank(answer))) and exists(top(finished, streak))
  advance active by 1

answer
  top(not blank(answer))
  top(opened > 0)
