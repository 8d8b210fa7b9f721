# Early-stopping self-consistency (Li et al., ICLR 2024): read windows of 8 branches; stop when one agrees.
controller esc

schedule
  n rises round(2^(1 + 5 * beta))

memory
  agreed = none

round
  read min(8, n - opened)
  agreed = top(age == 0) when distinct(age == 0) == 1      # age 0: the branches of this window
  stop when exists(agreed) or opened >= n

answer
  agreed
  top(finished)
