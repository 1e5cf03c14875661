#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs the hello program in a fresh folder and shows what it prints and, dimmed and indented, the SQL that it sends.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/scripts/lib.sh"
program=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

printf '%s\n\n' "${bold}examples/hello.cpp${plain}   ${dim}indented: the SQL that it sends (KIN_ECHO=1)${plain}"
# One pipe for both streams and lines written one by one, so that they stay in order.
KIN_ECHO=1 stdbuf -oL "$program" 2>&1 | awk -v dim="$dim" -v plain="$plain" '
    sub(/^\[kin [0-9.]+ ms\] /, "") {
        print "        " dim $0 plain
        if ($1 ~ /^(SELECT|INSERT|UPDATE|DELETE|WITH)$/) kinds[$1]++
        next
    }
    { print }
    END {
        printf "\n%s%d SELECT, %d INSERT, %d UPDATE, %d DELETE%s\n", dim,
            kinds["SELECT"] + kinds["WITH"], kinds["INSERT"], kinds["UPDATE"], kinds["DELETE"], plain
    }'
