#!/bin/sh
# A model for tests: what it replies is a function of the prompt alone, so runs with it repeat.
# One first prompt in seven ends with a failure, one gets a reply that does not check, one a controller that
# is known already. All others, and every prompt for a repair, get a controller with numbers of their own.
prompt=$(cat)
sum=$(printf '%s' "$prompt" | cksum | cut -d ' ' -f 1)
kind=$((sum % 7))
case $prompt in *'# An earlier reply'*) kind=3 ;; esac

reply() {
  printf 'HYPOTHESIS: %s\n\n```\n%s\n```\n' "$1" "$2"
}

case $kind in
0)
  echo 'the model is out of order' >&2
  exit 3
  ;;
1)
  reply 'an unknown word is worth a try' 'controller evolved

start
  open many

answer
  top(finished)'
  ;;
2)
  reply 'the simplest may do' 'controller evolved

schedule
  n rises round(2 * 32^beta)

start
  read n

answer
  top(finished)'
  ;;
*)
  reply 'one finished branch is enough' "controller evolved
rounds 500

schedule
  width rises round($((2 + sum / 7 % 3)) * $((16 + sum / 21 % 12))^beta)
  level rises 0.$((70 + sum / 252 % 20)) + 0.25 * beta
  quorum rises round(3 + $((1 + sum / 5040 % 3)) * beta)

start
  open width

round
  stop when exists(top(finished))
  prune opened >= width when count(finished) >= 1
  advance active by 4
  stop when count(active) >= quorum and confidence(active) >= level

answer
  top(finished, streak)
  top(not pruned)"
  ;;
esac
