controller c

shedule
  width rises 3 + 4*beta

Start
  open width

rond
  advance active by 1

answr
  top(finished)
