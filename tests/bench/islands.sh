#!/usr/bin/env bash
# One population against four islands, with and without migration, at equal episodes.
# Usage: tests/bench/islands.sh EVOTTS SHARED OUT [SEEDS] [EPISODES]
#   EVOTTS    the program
#   SHARED    the folder with replay/ and replay_arith/
#   OUT       a new folder for runs and figures
#   SEEDS     "1 2 3" where left out
#   EPISODES  in millions, a whole number, that each run spends at least; 20 where left out
# A run goes on until it has spent the episodes; its champion is the one of the last generation within them.
# Writes OUT/figures.csv: data, cell, seed, generation, episodes, the score on questions searched on and on others: the
# mean accuracy over the range of budgets at fresh orderings, without charges. Questions of arithmetic are halved: even
# ones are searched on.
set -euo pipefail
evotts=$(realpath "$1") shared=$(realpath "$2") out=$3 seeds=${4:-1 2 3} episodes=${5:-20}
root=$(cd "$(dirname "$0")/../.." && pwd)
if ! [[ $episodes =~ ^[1-9][0-9]*$ ]]; then
  echo "islands.sh: EPISODES must be a whole number of millions, found $episodes" >&2
  exit 2
fi
threads=2
mkdir "$out"
out=$(realpath "$out")

for model in arith-1m arith-6m; do
  for half in 0 1; do
    python3 - "$shared/replay_arith/$model/search.json" "$out/$model.$half.json" "$half" <<'HALF'
import json, sys
source, target, half = sys.argv[1:]
whole = json.load(open(source))
questions = whole if isinstance(whole, list) else whole["questions"]
kept = questions[int(half)::2]
json.dump(kept if isinstance(whole, list) else whole | {"questions": kept}, open(target, "w"))
HALF
  done
done

cat >"$out/arith.toml" <<TOML
base = "$root/experiments/aime24_qwen3.toml"
[environments]
search = ["$out/arith-1m.0.json", "$out/arith-6m.0.json"]
[objective]
budget_low = 600
budget_high = 4000
TOML
aime=("$shared"/replay/*/aime24.json) other_aime=("$shared"/replay/*/aime25.json)
arith=("$out"/arith-*.0.json) other_arith=("$out"/arith-*.1.json)

# Of RUN: the last generation within the episodes, and what it had spent.
within() { # RUN
  git -c safe.directory='*' -C "$1" log --format='%(trailers:key=Generation,valueonly,separator=) %(trailers:key=Episodes,valueonly,separator=)' |
    awk -v most=$((episodes * 1000000)) '$2 <= most { print $1, $2; exit }'
}
spent() { # RUN
  git -c safe.directory='*' -C "$1" log -1 --format='%(trailers:key=Episodes,valueonly,separator=)'
}
# The area under a controller's curve on these files, at orderings nobody saw.
score() { # CONTROLLER LOW HIGH FILE...
  local controller=$1 low=$2 high=$3
  shift 3
  "$evotts" eval "$controller" --env "$@" --beta 0,0.2,0.4,0.6,0.8,1 --orderings 60 --seed-first 1000 \
    --threads $threads --format csv | python3 "$root/tests/bench/area.py" "$low" "$high" | cut -d' ' -f1
}

echo "data,cell,seed,generation,episodes,searched,others" >"$out/figures.csv"
for data in arith aime; do
  for seed in $seeds; do
    for cell in "one 1 0" "apart 4 0" "migration 4 3"; do
      read -r name islands migration <<<"$cell"
      run="$out/$data.$name.$seed"
      if [ $data = arith ]; then
        file="$out/arith.toml" budgets="600 4000" searched=("${arith[@]}") others=("${other_arith[@]}")
      else
        file="$root/experiments/aime24_qwen3.toml" budgets="70000 500000"
        searched=("${aime[@]}") others=("${other_aime[@]}")
      fi
      EVOTTS_SHARED=$shared "$evotts" run "$file" --trust --out "$run" --generations 5 --threads $threads --set \
        seed="$seed" population.islands="$islands" population.migration="$migration" \
        population.founder_candidates=0 population.size=40 population.children=40 \
        objective.expected_gain=false 2>/dev/null
      generations=5
      while [ "$(spent "$run")" -lt $((episodes * 1000000)) ]; do
        generations=$((generations + 5))
        "$evotts" resume "$run" --trust --generations $generations --threads $threads 2>/dev/null
      done
      read -r generation used <<<"$(within "$run")"
      if [ -z "$generation" ]; then
        echo "islands.sh: $run spent more than $episodes million episodes on its founders; raise EPISODES" >&2
        exit 1
      fi
      best="$run@$generation:champion"
      echo "$data,$name,$seed,$generation,$used,$(score "$best" $budgets "${searched[@]}"),$(score \
        "$best" $budgets "${others[@]}")" | tee -a "$out/figures.csv"
    done
  done
done
