controller evolved
rounds 500

schedule
  cohort rises round(2 + 6 * beta)
  width rises round(4 * 17^beta)
  warm_up rises round(2 + 8 * beta)
  patience rises round(2 + 14 * beta)
  horizon rises round(2 + 6 * beta)
  alpha falls round(0.7 - 0.4 * beta, 4)
  level rises round(0.85 + 0.12 * beta, 4)
  slack falls round(0.04 - 0.03 * beta, 4)
  burst rises round(1 + 2 * beta)
  spawn rises round(1 + 3 * beta)
  trend falls round(0.04 - 0.03 * beta, 4)
  quorum rises round(2 + 3 * beta)
  cohort2 rises round(2 + 3 * beta)
  reach rises 11.7 + 8.21 * beta

memory
  ema = 0

branch
  deviance = 0

start
  open min(cohort2, cohort)

round
  let warm = round >= warm_up
  let leader = top(finished)
  let judged = warm and exists(leader)
  ema = mix(ema, confidence(finished), alpha)
  deviance = if(answer != leader, deviance + 1, 0) for active when judged
  prune active and deviance >= patience first deviance keep 2 when judged
  advance active by if(judged and answer == leader, burst, 1) first depth
  ema = mix(ema, confidence(finished), alpha)
  let drift = ema - ago(ema, horizon - 1)
  stop when warm and count(finished) >= quorum and ema >= level and drift >= -slack
  stop when not any(active)
  open min(spawn, width - opened) when drift <= trend and round >= max(1, floor(warm_up / 2)) and ema < level
  open cohort - opened when max(depth, active) >= reach or not any(active)

answer
  top(finished)
  top(not pruned)
