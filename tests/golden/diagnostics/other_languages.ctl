controller c

memory
  x = 0;

start
  open 3 && 4
  open 2 ** 3 // eight
  x := 3
  open x if beta > 3 else 4

round
  if any(active) and x == 3:
  for b in active:
  while true:
  return top(finished)
  stop when any(active) || !any(finished)
  stop when x = 3
  stop when x % 3 == 0
  stop when True AND None == x
  stop when answer == "7"
  x = [1, 2]
  x = {3}
  stop when x === 3

answer
  top(finished)
