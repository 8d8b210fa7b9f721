controller c

schedule
  width = 4 + 60*beta
  level grows 3
  count rises 3

start
  open width
  open level

answer
  top(finished)
