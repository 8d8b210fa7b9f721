controller c

schedule
  width rises 3

memory
  total = 0

branch
  strikes = 0

start
  open width

round
  let m = 3
  m = m + 1
  width = 4
  totl = 1
  other = 2
  total = total + 1 for active
  strikes = strikes + 1 for total
  strikes += 1

answer
  top(finished)
