controller c

schedule
  s0 rises 1
  s1 rises 1
  s2 rises 1
  s3 rises 1
  s4 rises 1
  s5 rises 1
  s6 rises 1
  s7 rises 1
  s8 rises 1
  s9 rises 1
  s10 rises 1
  s11 rises 1
  s12 rises 1
  s13 rises 1
  s14 rises 1
  s15 rises 1
  s16 rises 1
  s17 rises 1
  s18 rises 1
  s19 rises 1
  s20 rises 1
  s21 rises 1
  s22 rises 1
  s23 rises 1
  s24 rises 1
  s25 rises 1
  s26 rises 1
  s27 rises 1
  s28 rises 1
  s29 rises 1
  s30 rises 1
  s31 rises 1
  s32 rises 1
  s33 rises 1
  s34 rises 1
  s35 rises 1
  s36 rises 1
  s37 rises 1
  s38 rises 1
  s39 rises 1
  s40 rises 1
  s41 rises 1
  s42 rises 1
  s43 rises 1
  s44 rises 1
  s45 rises 1
  s46 rises 1
  s47 rises 1
  s48 rises 1
  s49 rises 1
  s50 rises 1
  s51 rises 1
  s52 rises 1
  s53 rises 1
  s54 rises 1
  s55 rises 1
  s56 rises 1
  s57 rises 1
  s58 rises 1
  s59 rises 1
  s60 rises 1
  s61 rises 1
  s62 rises 1
  s63 rises 1
  s64 rises 1

memory
  m0 = 1
  m1 = 1
  m2 = 1
  m3 = 1
  m4 = 1
  m5 = 1
  m6 = 1
  m7 = 1
  m8 = 1
  m9 = 1
  m10 = 1
  m11 = 1
  m12 = 1
  m13 = 1
  m14 = 1
  m15 = 1
  m16 = 1
  m17 = 1
  m18 = 1
  m19 = 1
  m20 = 1
  m21 = 1
  m22 = 1
  m23 = 1
  m24 = 1
  m25 = 1
  m26 = 1
  m27 = 1
  m28 = 1
  m29 = 1
  m30 = 1
  m31 = 1
  m32 = 1

start
  open 3

answer
  top(finished)
  top(finished)
  top(finished)
  top(finished)
  top(finished)
  top(finished)
  top(finished)
  top(finished)
  top(finished)
