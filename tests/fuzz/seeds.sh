#!/usr/bin/env bash
# Writes what fuzzing begins with into FOLDER/TARGET/: real inputs, most of them from the golden files.
# Usage: tests/fuzz/seeds.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$1
targets=(controller_text model_reply server_reply experiment_file environment checkpoint pack trailers json answers)
for target in "${targets[@]}"; do mkdir -p "$out/$target"; done

cp "$root"/genome/library/*.ctl "$out/controller_text"
for file in "$root"/genome/library/*.ctl; do
  { printf 'Hypothesis: prune late.\n```\n'; cat "$file"; printf '```\n'; } >"$out/model_reply/$(basename "$file" .ctl)"
done
cp "$root"/experiments/*.toml "$out/experiment_file"

reply='{"id":"m","type":"message","role":"assistant","model":"a","content":[{"type":"text","text":"answer"}],'
reply+='"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":5}}'
printf '\0%s' "$reply" >"$out/server_reply/anthropic"
reply='{"id":"c","object":"chat.completion","model":"o","choices":[{"index":0,"finish_reason":"stop","message":'
reply+='{"role":"assistant","content":"answer"}}],"usage":{"prompt_tokens":3,"completion_tokens":5}}'
printf '\1%s' "$reply" >"$out/server_reply/openai"
printf '\1{"error":{"message":"no such model","type":"invalid_request_error","code":404}}' >"$out/server_reply/error"

# The byte in front of a payload picks the version; a frame has 40 bytes.
for version in 1 2 3 4 5; do
  { printf "\\$((version - 1))"; tail -c +41 "$root/tests/golden/checkpoint_v$version/checkpoint.bin"; } \
    >"$out/checkpoint/version_$version"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git init -q "$work/r"
commit() { # MESSAGE
  git -C "$work/r" -c user.name=n -c user.email=e commit -q --allow-empty -m "$1"
}
for i in 1 2 3; do
  seq $((i * 40)) >"$work/r/file"
  git -C "$work/r" add file
  commit "generation $i"
done
git -C "$work/r" repack -adq
git -C "$work/r" multi-pack-index write 2>/dev/null
index=$(ls "$work"/r/.git/objects/pack/*.idx)
size=$(stat -c %s "$index")
{ printf "\\x$(printf %02x $((size >> 16)))\\x$(printf %02x $((size >> 8 & 255)))\\x$(printf %02x $((size & 255)))"
  cat "$index" "${index%.idx}.pack"; } >"$out/pack/three_commits"
cp "$work/r/.git/objects/pack/multi-pack-index" "$out/pack/multi_pack_index"

printf 'generation 3: best 0.5\n\nwords\n\nBest: a1\nSeed: 7\n  more\n' >"$out/trailers/plain"
printf 'title\n\nKey: value\nSigned-off-by: a <b>\nno trailer here\nOther: x\n' >"$out/trailers/mixed"
printf '{"generation":3,"best":{"id":"a","score":0.5},"list":[1,2.5e3,null,true,"\\u00e9"]}' >"$out/json/record"

question='{"question":"2+2","final_answers_trace":["4","ERR"],"each_branch":[[["5","4"],5,"4"],[["ERR"],3,"ERR"]],'
printf '[%s"gold_answer":"4","probe_freq":2}]' "$question" >"$out/environment/words"

printf '\\left( \\dfrac12, 1\\frac{1}{10}, x_\\text{max}^2, 2^10 \\right)' >"$out/answers/notation"
printf '**$\\boxed{\\text{1{,}024.50 square cm}}$.**' >"$out/answers/wrapped"
printf 'It is not (A) but \\boxed{3,\\!250} or 10^\\circ.\nAnswer: **(b)** \\boxed{' >"$out/answers/reply"
