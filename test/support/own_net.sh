# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What tests of a net of their own share. Who sources it, after train.sh, says in `folder` where its programs are, and in
# `data` what they train on.
tmp=$KFIX_TMP

# 230 images of 6 x 5 x 3, brighter in a channel and a corner of their class.
make_images() { # make_images FILE
  awk 'BEGIN {
    srand(5)
    for (i = 0; i < 230; i++) {
      line = ""
      for (r = 0; r < 6; r++) for (c = 0; c < 5; c++) for (j = 0; j < 3; j++)
        line = line sprintf("%.4f,", rand() + (j == i % 3 && r + c > 2 * (i % 3) ? 0.8 : 0))
      print line i % 3
    }
  }' > "$1"
}

# folder, data: of who sources this file.
# shellcheck disable=SC2154
learn() { # learn ARGS...
  "$folder/kfix-train" --data "$data" --batch 100 "$@"
}
predict() { # predict WEIGHTS ARGS...
  "$folder/kfix-predict" --weights "$tmp/$1" --data "$data" "${@:2}"
}
ends() { # ends ARGS...: the digest at the end of that run
  learn "$@" | last_digest
}

# ---- training ----

learns() { # learns EPOCHS ARGS...: the loss of what validates falls below a half of the first
  learn --quiet --epochs "$1" --log "$tmp/learns.csv" "${@:2}" || return 1
  awk -F, 'NR == 2 { first = $7 } END { print first, $7; exit !($7 < first / 2) }' "$tmp/learns.csv"
}
one_digest() { # of one thread and three, of ref and simd
  same "$digest" "$(ends --steps 8 --threads 1 --port ref "$@")" &&
    same "$digest" "$(ends --steps 8 --threads 3 --port simd "$@")"
}
resumes() { # to the digest above
  rm -f "$tmp/state"
  learn --quiet --steps 5 --checkpoint "$tmp/state" "$@" || return 1
  same "$digest" "$(learn --steps 8 --resume "$tmp/state" "$@" | last_digest)"
}
trains_by() { # trains_by EPOCHS WAY...: each way is a method and how
  local epochs=$1 way how
  shift
  for way; do
    read -ra how <<< "--method $way"
    check "$way: learns" learns "$epochs" "${how[@]}"
    digest=$(ends --steps 8 --threads 1 "${how[@]}")
    check "$way: the same bits by one thread and three, ref and simd" one_digest "${how[@]}"
    check "$way: resumed, the same bits" resumes "${how[@]}"
  done
}

# ---- weights ----

number() { # number KEY: the number behind it in a line of JSON
  sed -n "s/.*\"$1\": \([-0-9.e]*\).*/\1/p"
}
near() { # near A B SHARE
  awk -v a="$1" -v b="$2" -v s="$3" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a != "" && b != "" && d <= s * (b < 0 ? -b : b)) }' ||
    { echo "'$1' is not near '$2'"; return 1; }
}
export_both() { # w.npz and w.safetensors, and logs of these runs
  local form
  for form in npz safetensors; do
    learn --quiet --epochs 4 --weight-decay 0 --export "$tmp/w.$form" --log "$tmp/$form.csv" || return 1
  done
  cmp <(predict w.npz --what probabilities) <(predict w.safetensors --what probabilities)
}
validates() { # validates WEIGHTS: kfix-predict finds what kfix-train's last row says
  predict "$1" --part validation --evaluate --json > "$tmp/json" || return 1
  near "$(number loss < "$tmp/json")" "$(tail -n 1 "$tmp/npz.csv" | cut -d, -f7)" 1e-5 &&
    near "$(number accuracy < "$tmp/json")" "$(tail -n 1 "$tmp/npz.csv" | awk -F, '{ print 1 - $8 }')" 1e-6
}
