controller c

schedule
  width rises 3 + 4*beta

start
  open widht

round
  advance activ by 1
  stop when zebra > 3 or zebra < 2
  prune Active

answer
  leader
  top(finishd)
