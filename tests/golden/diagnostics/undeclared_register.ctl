controller c

start
  open 3

round
  ema = mix(ema, confidence(finished), 0.5)
  advance active by 1
  stop when ema > 0.9
  stop when ema < 0.1

answer
  top(finished)
