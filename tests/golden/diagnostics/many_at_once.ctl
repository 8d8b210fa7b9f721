controller many
rounds 20000

schedule
  width rises 64 - 60*beta
  level rises round(0.85 + 0.12*bet, 4)

memory
  ema = zero

branch
  deviance = 0

start
  open with

round
  let leader = top(finished)
  ema = mix(ema, confidence(finished))
  deviance = if(answer != leader, deviance + 1, 0) for active when exist(leader)
  prune active and deviance > 3 frist deviance
  stop when ema
  advance active by 1

answer
  deviance
