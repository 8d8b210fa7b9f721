controller c

  width rises 3 + 4*beta
  level falls 0.9
  x rises 3

start
  read 3

answer
  top(finished)
