#!/usr/bin/env bash
# Writes what fuzzing begins with into FOLDER/TARGET/: real inputs, most of them from the golden files.
# Usage: tests/fuzz/seeds.sh FOLDER
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$1
targets=(controller_text model_reply server_reply experiment_file environment checkpoint pack trailers json answers
  sample_import)
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

# The byte in front of a file picks the format, by its place among those of the importer; the one behind the last asks
# it to find out.
seed() { # NUMBER NAME TEXT
  printf "\\$(printf %o "$1")%s" "$3" >"$out/sample_import/$2"
}
seed 0 autotts_raw '[{"question":"2+2","gold_answer":"4","probe_freq":5,"probe_matrix_mxn":[["1",null],[]],
"branch_tokens":[12,3],"final_answers_trace":["4",null]}]'
seed 1 dynasor '{"round":1,"problem_id":0,"max_tokens":8,"target":"4","prompts":["2+2"],"new_tokens":["so"],
"is_finished":[true],"probe_prompts":["2+2 \\boxed{"],"probe_responses":["4}"]}'
sample='{"id":1,"epoch":1,"input":"2+2","target":["4"],"output":{"choices":[{"message":{"content":"attachment://h"},'
sample+='"stop_reason":"stop"}],"usage":{"output_tokens":9}},"attachments":{"h":"\\boxed{4}"},'
sample+='"scores":{"s":{"value":"C","answer":"4"}}}'
seed 2 inspect '{"version":2,"status":"success","eval":{"task":"t","model":"m"},"samples":['"$sample"']}'
mkdir -p "$work/r/samples"
printf '%s' "$sample" >"$work/r/samples/1_epoch_1.json"
printf '{"version":2,"status":"success","eval":{"task":"t","model":"m"}}' >"$work/r/header.json"
git -C "$work/r" add samples header.json
commit "a log"
{ printf '\2'; git -C "$work/r" archive --format=zip HEAD samples header.json; } >"$out/sample_import/inspect_zip"
seed 3 lm_eval '{"doc_id":0,"doc":{"question":"2+2"},"target":"#### 4","doc_hash":"h","filter":"strict",
"resps":[["\\boxed{4}","5"]],"filtered_resps":[["4","[invalid]"]],"metrics":["exact_match"],"exact_match":1.0}'
seed 4 math_harness '{"idx":0,"question":"2+2","gt":"4","code":["x","y"],"pred":["4",""],"score":[true,false]}'
seed 5 matharena '{"idx":1,"problem":"2+2","gold_answer":"4","answers":["4",null],"correct":[true,false],
"messages":[[{"role":"assistant","content":"four"}],null],"detailed_costs":[{"output_tokens":9},{"output_tokens":0}]}'
seed 5 matharena_rows '{"problem_idx":1,"problem":"2+2","model_name":"m","idx_answer":0,"parsed_answer":"4",
"gold_answer":4,"output_tokens":3,"correct":true}'
reply='{"custom_id":"q1-s1","response":{"status_code":200,"body":{"model":"m","choices":[{"index":0,"message":'
reply+='{"content":"4"},"finish_reason":"length"}],"usage":{"completion_tokens":8}}},"error":null}'
seed 6 openai_batch '{"custom_id":"q1-s1","body":{"messages":[{"role":"user","content":"2+2"}]}}
'"$reply"
seed 7 vllm '{"request_id":"0","prompt":"2+2","gold":"4","outputs":[{"index":0,"text":"\\boxed{4}","token_ids":[1,2],
"cumulative_logprob":-1.5,"finish_reason":"stop"}]}'
seed 8 lists '{"problem":"2+2","answer":4,"generations":["\\boxed{4}",null],"n_tokens":[3,1],"rewards":[0.5,1]}'
seed 8 table 'id;question;gold;output;tokens
1;2+2;4;"so
""\boxed{4}""";NaN
2;3+3;6;\boxed{6};7'
seed 9 rows '[{"question":"2+2","gold":"4","output":null,"score":0.5},{"question":"2+2","gold":"4","output":"\\boxed{4}"}]'
