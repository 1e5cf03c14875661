#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Brings SQLite's public-domain amalgamation (3.53.2) into build/_sqlite, or into the folder that is given.
# It comes inside an npm package, pinned by hash. Quick when it is there already.
set -euo pipefail

package=better-sqlite3@12.11.1
tarball_sha256=ebf0ed75a7a59dbcb3b24bbd014ef49d9f15bc328e4adcbf516f2a8fadfa2835
sums='60d2f39a3726cd6b9021da6f4e868608d66fbb6528a9f513dc8ffcc640493422  sqlite3.c
9e69a1353a4288450b0d5239ede11fc7f1f4c8e5eb07491fc8317eacb5b7de7e  sqlite3.h
ac9645e5c9ff0cf176efdd6e75cb5e98f46295d38e02db5c4d208826a39ab4be  sqlite3ext.h'

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${1:-$root/build/_sqlite}

verified() { [[ -f $1/sqlite3.c ]] && (cd "$1" && sha256sum --status --check <<<"$sums"); }

if verified "$target" 2>/dev/null; then
    exit 0
fi
command -v npm >/dev/null || { echo "fetch-sqlite: npm is missing; install the package npm" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
# The cache and the logs go into the scratch folder too: nothing else is written.
if ! npm_config_cache="$scratch/cache" npm_config_update_notifier=false npm_config_loglevel=error \
     npm_config_fetch_retries=1 npm_config_fetch_retry_mintimeout=2000 npm pack "$package" >npm.log 2>&1 </dev/null; then
    cat npm.log >&2
    echo "fetch-sqlite: npm could not fetch $package" >&2
    exit 1
fi
tarball=$(echo better-sqlite3-*.tgz)
if ! sha256sum --status --check <<<"$tarball_sha256  $tarball"; then
    echo "fetch-sqlite: $tarball is not the file that was pinned; nothing was unpacked" >&2
    exit 1
fi
tar -xzmf "$tarball" --strip-components=3 package/deps/sqlite3/sqlite3.c package/deps/sqlite3/sqlite3.h \
    package/deps/sqlite3/sqlite3ext.h
verified "$scratch" || { echo "fetch-sqlite: the unpacked files are not the ones that were pinned" >&2; exit 1; }
mkdir -p "$target"
mv sqlite3.c sqlite3.h sqlite3ext.h "$target"
