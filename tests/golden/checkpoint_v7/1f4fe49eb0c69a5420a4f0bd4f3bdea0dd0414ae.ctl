controller evolved
rounds 500

schedule
  cohort rises round(2.46 + 4.48 * beta)
  width rises round(6.05 + 42.2 * beta)
  warm_up rises round(2.54 + 5.94 * beta)
  patience rises max(3, round(3 + 9 * beta))
  horizon rises round(2.46 + 4.48 * beta)
  alpha falls round(0.7 - 0.4 * beta, 4)
  level rises round(0.85 + 0.12 * beta, 3)
  slack falls round(0.04 - 0.03 * beta, 4)
  burst rises round(1.18 + 1.5 * beta)
  spawn rises round(1.23 + 2.24 * beta)
  trend falls round(0.04 - 0.029 * beta, 4)
  quorum rises round(2.45 + 2.24 * beta)

memory
  ema = -0.013

branch
  deviance = 0

start
  open cohort

round
  let warm = round >= warm_up
  let leader = top(finished)
  let drift = ema - ago(ema, horizon - 1)
  let judged = warm and exists(leader)
  ema = mix(ema, confidence(finished), alpha)
  deviance = if(answer != leader, deviance + 1, 0) for active when judged
  prune active and deviance >= patience first deviance keep 2 when judged
  advance active by if(judged and answer == leader, burst, 1) first depth
  ema = mix(ema, confidence(finished), alpha)
  stop when warm and count(finished) >= quorum and ema >= level and drift >= -slack
  stop when not any(active)
  open min(spawn, width - opened) when drift <= trend and round >= max(1, floor(warm_up / 2)) and ema < level

answer
  top(finished)
  top(not pruned)
