#!/bin/bash
# Both models on one GPU in some nine minutes: bash all_on_gpu.sh WORK DATA
#
# WORK holds what train_bpe.py, prepare_data.py, prepare_labelled.py and prepare_sentences.py wrote. Three large models
# (25 to 32 M parameters) teach two small ones, as shipped: one writes stories, the default model learns its distributions;
# two read reviews, are fine-tuned twice each and label a million sentences, and the sentiment model learns those labels.
# The heads for evidence are trained on the processor meanwhile. Budgets are in minutes and were made for 16 cores.
set -u
WORK=$1 DATA=$2
cd "$(dirname "$0")"
: "${PYTHON:=python3}" "${TEACH:=3.3}" "${STORIES:=2}" "${DEFAULT:=2.8}" "${BODY:=2.6}" "${TUNE:=0.75}" "${STUDENT:=2.6}" "${HEADS:=1.7}"
SENTENCES=sentences-reviews=0.34,sentences-imdb=0.14
REVIEWS=$SENTENCES,reviews-guessed=0.26,imdb=0.14,sst2=0.05,childrens-books=0.04,tinystories=0.03

run() { # NAME COMMAND...: its output goes to WORK/NAME.out
  local name=$1
  shift
  echo "$(date +%T) $name begins"
  $PYTHON "$@" > "$WORK/$name.out" 2>&1 || { echo "$name failed:"; tail -5 "$WORK/$name.out"; }
  echo "$(date +%T) $name ended: $(tail -n 1 "$WORK/$name/log.jsonl" 2> /dev/null)"
}

pretrain() { # NAME MINUTES OPTIONS...
  local name=$1 minutes=$2
  shift 2
  run "$name" pretrain.py --work "$WORK" --run "$name" --minutes "$minutes" --compile --batch 128 --save-every 1000 "$@"
}

teacher() { # NAME OPTIONS...: a large body, then two fine-tunings of it
  local name=$1 seed
  shift
  pretrain "$name" "$TEACH" --mix $REVIEWS --task-weight 0.3 --decay 0.5 --dropout 0.05 "$@"
  for seed in 1 2; do
    run "$name-$seed" distil.py --init "$WORK/$name/last.pt" --work "$WORK" --data "$DATA" --run "$name-$seed" --seed $seed --minutes "$TUNE" \
      --passes sst2=3,imdb=1 --tokens 8192 --lr 2e-4 --lambda 0.1 --dropout 0.15 &
  done
  wait
}

evidence() { # TASK INIT OPTIONS...
  local task=$1 init=$2
  shift 2
  OMP_NUM_THREADS=1 run "head-$task" finetune_head.py --data "$DATA" --tokenizer "$WORK/tokenizer" --task "$task" --init "$init" \
    --out "$WORK/heads/$task" --threads 2 --tokens 1024 --average 100 "$@"
}

heads() {
  local body=$WORK/reviews/last.pt
  mkdir -p "$WORK/heads"
  evidence trec "$body" --epochs 8 --lr 5e-4 --lambda 0.3 --minutes "$HEADS" &
  evidence cola "$body" --epochs 8 --lr 4e-4 --lambda 0.3 --minutes "$HEADS" &
  evidence arc-easy "$body" --epochs 4 --lr 4e-4 --lambda 0.5 --minutes "$HEADS" &
  evidence sick-relatedness "$body" --epochs 25 --lr 1.2e-3 --lambda 0.7 --dropout 0 --minutes "$HEADS"
  evidence sick-entailment "$WORK/heads/sick-relatedness" --epochs 15 --lr 8e-4 --lambda 0.5 --dropout 0 --seed 1 --minutes "$HEADS"
  wait
}

stories() {
  local mix=tinystories=0.58,fairytales=0.08,childrens-books=0.17,reviews-guessed=0.06,sentences-imdb=0.04,imdb=0.04,sst2=0.03
  pretrain storyteller "$STORIES" --mix $mix --decay 0.5 --dropout 0.15 --width 512 --layers 8 --heads 8 --seed 10
  pretrain default "$DEFAULT" --mix $mix --decay 0.5 --teacher "$WORK/storyteller/last.pt" --teach 0.7
}

student() { # NAME OPTIONS...
  local name=$1
  shift
  run "$name" distil.py --init "$WORK/reviews/last.pt" --work "$WORK" --data "$DATA" --run "$name" --minutes "$STUDENT" --soft "$WORK/soft" \
    --passes sentences-reviews=2,sentences-imdb=2,sst2=8,imdb=3,reviews-guessed=1 --tokens 16384 --average 500 "$@"
}

stories &
ALL=$!
teacher teacher-a --width 512 --layers 8 --heads 8 --seed 11 &
TEACHERS=$!
teacher teacher-b --width 640 --layers 6 --heads 10 --seed 12 &
TEACHERS="$TEACHERS $!"
(
  pretrain reviews "$BODY" --mix $REVIEWS --task-weight 0.3 --decay 0.5
  heads
) &
ALL="$ALL $!"
wait $TEACHERS
run label label.py --work "$WORK" --data "$DATA" --out "$WORK/soft" \
  --models "$WORK/teacher-a-1/last.pt,$WORK/teacher-a-2/last.pt,$WORK/teacher-b-1/last.pt,$WORK/teacher-b-2/last.pt" \
  sst2 imdb sentences-imdb sentences-reviews reviews-guessed
cat "$WORK/label.out"
student student-1 --seed 1 --lr 6e-4 --lambda 0.1 --hard 0.3 --dropout 0 &
ALL="$ALL $!"
student student-2 --seed 2 --lr 4e-4 --lambda 0.3 --hard 0.5 --dropout 0.05 &
ALL="$ALL $!"
wait $ALL
run mean average.py "$WORK/student-1/last.pt" "$WORK/student-2/last.pt" --out "$WORK/mean/last.pt"
