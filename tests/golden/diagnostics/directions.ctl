controller c

schedule
  width   falls 4 + 60*beta
  level   rises 0.9 - 0.1*beta
  bump    rises beta*(1 - beta)
  width2  rises width
  step    rises round(4*beta)
  jagged  rises mod(10*beta, 3)
  same    falls 3

start
  open width + level + bump + width2 + step + jagged + same
  open zebra

answer
  top(finished)
