# Staged: opens few branches, and the rest only when those have come far; the first to finish vote.
# Branches that disagree with them for a while are pruned, and what has become long is given up. Numbers are round
# ones, which a search is meant to turn.
controller staged
rounds 500

schedule
  cohort   rises  round(4 + 6*beta)
  width    rises  round(6 * 8^beta)
  level    rises  0.85 + 0.12*beta
  quorum   rises  2 + 2*beta
  limit    rises  28 + 20*beta
  reach    falls  16 - 6*beta
  patience rises  6 + 10*beta

branch
  dissent = 0                    # rounds in a row of disagreement with the finished

start
  open min(cohort, width)

round
  let leader = top(finished)
  dissent = if(exists(leader) and answer != leader, dissent + 1, 0) for active
  prune active and dissent >= patience
  advance active by 1
  stop when count(finished) >= quorum and confidence(finished) >= level
  stop when any(active) and min(depth, active) >= limit
  open width - opened when max(depth, active) >= reach or not any(active)

answer
  top(finished, 1 / depth)
  top(not pruned)
