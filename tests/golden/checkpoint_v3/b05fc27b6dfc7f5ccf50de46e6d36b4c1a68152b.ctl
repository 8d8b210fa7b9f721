controller evolved
rounds 100

schedule
  n rises round(2^(1 + 5 * beta))
  knob rises round(1 + 0 * beta)
  knob2 falls 0.94 - 0.192 * beta

memory
  leader = none
  same = 0

start
  open n

round
  advance active by 1
  let before = leader
  leader = top(not pruned)
  let judging = round >= 15 and count(not pruned) > knob
  prune active and round >= 7 when judging
  leader = top(finished)
  same = if(leader == before, max(if(all(votes(answer, finished, 1 / depth) >= n, active), count(active), mean(depth, active)), if(support(not pruned) / opened < knob2, count(finished) / opened, n)), 0)
  stop when same >= 40
  stop when not any(active)

answer
  leader
