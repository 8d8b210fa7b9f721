controller c

schedule
  k rises 3

memory
  ema = 0

branch
  b = 0

start
  open k

round
  ema = ago(ema + 1, 2)
  ema = ago(k, 2)
  ema = ago(round, 2)
  ema = ago(emma, 2)
  ema = ago(ema, true)
  b = ago(b, 1)

answer
  top(finished)
