#!/usr/bin/env bash
# Whether what runs expect on new questions is true, on environments whose truth is known.
# Usage: tests/bench/expected_gain.sh EVOTTS OUT [SEEDS] [SECONDS] [KINDS] [SHARED]
#   EVOTTS   the program
#   OUT      a new folder for runs and figures
#   SEEDS    how many searches of each kind, or the seeds from one to another, as in 41-60; 40 where left out
#   SECONDS  of each search, on one thread; two searches at a time; 30 where left out. On a machine that others
#            use, seconds of processor time, as in "30c", after which a search is killed: what it committed counts;
#            or millions of episodes, as in "3M": the last generation within them counts, whatever the machine does
#   KINDS    "chance structured" where left out; "arith aime" beside need
#   SHARED   the folder with replay/ and replay_arith/
# chance:      60 questions of four options that no branch knows anything of
# structured:  60 questions as recordings have them; the truth of both is measured on 2,000 fresh ones. Beside is
#              what the champion of the same search without expectation gains, in the same time.
# arith, aime: half of the recorded questions, by the seed, are searched on, and the truth is the other half, which
#              has an error of its own: covered is what the interval of both errors holds.
# Writes OUT/figures.csv, a line for each search, and OUT/table.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ "$1" = one ]; then
  shift
  evotts=$1 out=$2 seconds=$3 shared=$4 kind=$5 seed=$6
  limit=() processor=unlimited episodes=
  case $seconds in
  *c) processor=${seconds%c} ;;
  *M) episodes=${seconds%M}000000 ;;
  *) limit=(--minutes "$(python3 -c "print($seconds / 60)")") ;;
  esac
  run=$out/$kind.$seed
  base=$here/expected_gain.toml more=()
  trailer() { echo "%(trailers:key=$1,valueonly,separator=)"; }
  spent() { # RUN: its generations, the newest first, each with the episodes so far
    git -c safe.directory='*' -C "$1" log --format="$(trailer Generation) $(trailer Episodes)" 2>/dev/null || true
  }
  over() { spent "$1" | awk -v most="$episodes" '$2 > most { over = 1 } END { exit !over }'; }
  search() { # RUN EXPECTED_GAIN
    if [ -n "$episodes" ]; then
      "$evotts" run "$base" --trust --out "$1" --threads 1 --set seed="$seed" objective.expected_gain="$2" \
        "${more[@]}" >/dev/null 2>&1 &
      local search=$!
      while kill -0 $search 2>/dev/null && ! over "$1"; do sleep 1; done
      kill $search 2>/dev/null || true
      wait $search || true
      return
    fi
    {
      (
        ulimit -S -c 0 -t "$processor"
        exec "$evotts" run "$base" --trust --out "$1" "${limit[@]}" --threads 1 \
          --set seed="$seed" objective.expected_gain="$2" "${more[@]}"
      ) || [ "$processor" != unlimited ]
    } >/dev/null 2>&1
  }
  # RUN, at the generation that counts.
  counts() { # RUN
    if [ -n "$episodes" ]; then
      echo "$1@$(spent "$1" | awk -v most="$episodes" '$2 <= most { print $1; exit }')"
    else
      echo "$1"
    fi
  }
  case $kind in
  chance | structured)
    synthetic=synthetic:questions=60,seed=$seed fresh=synthetic:questions=2000,seed=$((seed + 100000))
    [ "$kind" = structured ] || synthetic=$synthetic,knows=0,options=4 fresh=$fresh,knows=0,options=4
    more=("environments.search=[\"$synthetic\"]")
    search "$run" true
    if [ "$kind" = structured ]; then
      search "$run.without" false
      "$evotts" export "$(counts "$run.without")" best -o "$run.without.ctl" >/dev/null
    fi
    ;;
  arith | aime)
    files=("$shared"/replay_arith/*/search.json)
    [ "$kind" = arith ] || files=("$shared"/replay/*/aime24.json)
    halves=$(python3 - "$run" "$seed" "${files[@]}" <<'HALVES'
import json, os, random, sys
run, seed, *files = sys.argv[1:]
halves = ([], [])
for file in files:
  whole = json.load(open(file))
  questions = whole if isinstance(whole, list) else whole["questions"]
  order = list(range(len(questions)))
  random.Random(int(seed)).shuffle(order)
  for half in (0, 1):
    kept = [questions[i] for i in sorted(order[half::2])]
    path = f"{run}.{half}.{os.path.basename(os.path.dirname(file))}.json"
    json.dump(kept if isinstance(whole, list) else whole | {"questions": kept}, open(path, "w"))
    halves[half].append(path)
for half in halves: print(json.dumps(half))
HALVES
    )
    { read -r searched; read -r others; } <<<"$halves"
    more=("environments.search=$searched" "environments.held_out=$others")
    [ "$kind" = aime ] || more+=(objective.budget_low=600 objective.budget_high=4000)
    search "$run" true
    ;;
  esac
  python3 - "$evotts" "$run" "$(counts "$run")" "$kind" "$seed" "${fresh:-}" "$here" <<'FIGURES'
import json, math, re, subprocess, sys
evotts, run, counts, kind, seed, fresh, here = sys.argv[1:]
sys.path.insert(0, here)
from area import areas
budgets = (40000, 400000)

def ran(*arguments):
  return subprocess.run([evotts, *arguments], check=True, capture_output=True, text=True).stdout

def git(*arguments):
  return subprocess.run(["git", "-c", "safe.directory=*", "-C", run, *arguments], check=True, capture_output=True,
                        text=True).stdout

log = git("log", "--format=%H %(trailers:key=Generation,valueonly,separator=)")
commits = [line.split() for line in log.splitlines()]
at = counts[len(run) + 1:] or commits[0][1]
state = json.loads(git("show", next(commit for commit, generation in commits if generation == at) + ":generation.json"))
claim, champion = state["expected"], state["champion"]["id"]

def scores(controllers):
  text = ran("eval", *controllers, "--env", fresh, "--beta", "0,0.25,0.5,0.75,1", "--orderings", "12",
             "--seed-first", "5000", "--threads", "1", "--format", "csv")
  return areas(text, *budgets)

without = ""
if fresh:
  ran("export", f"{counts}:{champion}", "-o", f"{run}.ctl", "--force")
  known = claim["against"]
  beside = [f"{run}.without.ctl"] if kind == "structured" else []
  values = list(scores([f"{run}.ctl", *beside, known]).values())
  truth, error = values[0] - values[-1], 0
  if beside: without = f"{values[1] - values[-1]:.3f}"
else:
  text = ran("unseal", f"{counts}:{champion}", "--threads", "1")
  seen = re.search(r"seen on .*: (\S+) \[(\S+), (\S+)\]", text)
  truth, error = float(seen[1]), (float(seen[3]) - float(seen[2])) / 2
half = (claim["gain_high"] - claim["gain_low"]) / 2
covered = abs(truth - claim["gain"]) <= math.hypot(half, error) + 1e-9
print(kind, seed, state["generation"], claim["against"], f"{claim['gain']:.3f}", f"{claim['gain_low']:.3f}",
      f"{claim['gain_high']:.3f}", f"{claim['standard_error']:.3f}", f"{truth:.3f}", f"{error:.3f}", int(covered),
      claim["recommends"], without, sep=",")
FIGURES
  exit
fi

evotts=$(realpath "$1") out=$2 seeds=${3:-40} seconds=${4:-30} kinds=${5:-chance structured}
shared=$(realpath "${6:-.}")
case $seeds in
*-*) first=${seeds%-*} last=${seeds#*-} ;;
*) first=1 last=$seeds ;;
esac
mkdir "$out"
out=$(realpath "$out")
echo "kind,seed,generation,against,gain,low,high,standard_error,truth,error_of_truth,covered,recommends,without" \
  >"$out/figures.csv"
for kind in $kinds; do
  seq "$first" "$last" | xargs -P 2 -I{} "$0" one "$evotts" "$out" "$seconds" "$shared" "$kind" {} >>"$out/figures.csv"
done
python3 - "$out" <<'TABLE' | tee "$out/table.md"
import csv, sys
rows = list(csv.DictReader(open(f"{sys.argv[1]}/figures.csv")))
print("| kind | searches | covered | known recommended | mean expected | mean true | of what is recommended | without |")
print("| --- | --- | --- | --- | --- | --- | --- | --- |")
for kind in dict.fromkeys(row["kind"] for row in rows):
  own = [row for row in rows if row["kind"] == kind]
  mean = lambda values: f"{sum(values) / len(own):+.2f}"
  taken = [float(row["truth"]) if row["recommends"] == "champion" else 0.0 for row in own]
  without = mean([float(row["without"]) for row in own]) if own[0]["without"] else ""
  print(f"| {kind} | {len(own)} | {sum(int(row['covered']) for row in own)} "
        f"| {sum(row['recommends'] == 'known' for row in own)} | {mean([float(row['gain']) for row in own])} "
        f"| {mean([float(row['truth']) for row in own])} | {mean(taken)} | {without} |")
TABLE
