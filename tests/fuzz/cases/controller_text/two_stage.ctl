# Two stages: a few branches, and all others when those have come far without a sure vote; the first to finish vote.
# Short ones count more, and a question on which every branch has become long is given up. Numbers are round ones,
# which a search is meant to turn.
controller two_stage
rounds 500

schedule
  cohort rises round(2 + 8*beta)
  width  rises round(5 * 25^beta)
  level  rises 0.6 + 0.5*beta    # above 1: never sure

start
  open min(cohort, width)

round
  stop when count(finished) >= 2 and confidence(finished) >= level
  stop when any(active) and min(depth, active) >= 40
  advance active by 1
  open width - opened when max(depth, active) >= 16 or not any(active)

answer
  top(finished, 1 / depth)
  top(not pruned)
