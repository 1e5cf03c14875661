#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# kin beside hand-written SQLite by the clock: the best of three runs of each. ./test bench counts instructions instead.
set -euo pipefail
program=$1
shift
workloads=("$@")
((${#workloads[@]})) || workloads=(load insert loop get)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

best() { # best SIDE WORKLOAD: milliseconds of the whole process
    local start ms best=
    for _ in 1 2 3; do
        start=$EPOCHREALTIME
        "$program" "$1" "$2" >/dev/null
        ms=$(((${EPOCHREALTIME/[.,]/} - ${start/[.,]/}) / 1000))
        [[ -z $best || $ms -lt $best ]] && best=$ms
    done
    echo "$best"
}

printf '%-10s %10s %10s %8s\n' workload 'kin ms' 'raw ms' ratio
for workload in "${workloads[@]}"; do
    kin=$(best kin "$workload")
    raw=$(best raw "$workload")
    printf '%-10s %10d %10d %8s\n' "$workload" "$kin" "$raw" "$(awk -v a="$kin" -v b="$raw" 'BEGIN { printf "%.2f", a / (b ? b : 1) }')"
done
