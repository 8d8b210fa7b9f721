controller c

start
  open 3

round
  stop when 1 < opened < 5
  stop when opened == 3 == true
  stop when any(depth > 3 > 2)

answer
  top(finished)
