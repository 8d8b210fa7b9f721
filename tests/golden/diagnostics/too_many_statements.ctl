controller c

start
  open 3

round
  stop when opened > 0
  stop when opened > 1
  stop when opened > 2
  stop when opened > 3
  stop when opened > 4
  stop when opened > 5
  stop when opened > 6
  stop when opened > 7
  stop when opened > 8
  stop when opened > 9
  stop when opened > 10
  stop when opened > 11
  stop when opened > 12
  stop when opened > 13
  stop when opened > 14
  stop when opened > 15
  stop when opened > 16
  stop when opened > 17
  stop when opened > 18
  stop when opened > 19
  stop when opened > 20
  stop when opened > 21
  stop when opened > 22
  stop when opened > 23
  stop when opened > 24
  stop when opened > 25
  stop when opened > 26
  stop when opened > 27
  stop when opened > 28
  stop when opened > 29
  stop when opened > 30
  stop when opened > 31
  stop when opened > 32
  stop when opened > 33
  stop when opened > 34
  stop when opened > 35
  stop when opened > 36
  stop when opened > 37
  stop when opened > 38
  stop when opened > 39
  stop when opened > 40
  stop when opened > 41
  stop when opened > 42
  stop when opened > 43
  stop when opened > 44
  stop when opened > 45
  stop when opened > 46
  stop when opened > 47
  stop when opened > 48
  stop when opened > 49
  stop when opened > 50
  stop when opened > 51
  stop when opened > 52
  stop when opened > 53
  stop when opened > 54
  stop when opened > 55
  stop when opened > 56
  stop when opened > 57
  stop when opened > 58
  stop when opened > 59
  stop when opened > 60
  stop when opened > 61
  stop when opened > 62
  stop when opened > 63
  stop when opened > 64
  stop when opened > 65

answer
  top(finished)
