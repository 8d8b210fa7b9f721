Here is the improved controller you asked for:

It opens more branches.

controller c

start
  read 3

answer
  top(finished)
