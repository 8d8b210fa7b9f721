# Self-truncation best-of-N (ST-BoN, Wang et al., 2025): open wide, keep the branch closest to the early consensus, finish it.
controller st_bon

schedule
  n    rises round(2^(1 + 5 * beta))
  look rises round(4 + 8 * beta)

branch
  closeness = 0                  # rounds in which the branch gave the answer of most others

start
  open n

round
  closeness = closeness + if(blank(answer), 0, votes(answer, active) / count(active)) for active
  prune active first -closeness keep 1 when round == look
  advance active by 1
  stop when not any(active)

answer
  top(finished, closeness)
  top(not pruned)
