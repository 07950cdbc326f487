#!/bin/sh
# golden-sweep.sh DXSIM SCENARIO NAME EXPECTED [update]: as golden.sh, of a sweep: what it prints, and all its tables.
set -eu

dxsim=$1 scenario=$2 name=$3 expected=$4 update=${5:-}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

status=0
"$dxsim" sweep "$scenario" "$name" -j 2 -o "$dir/out" >"$dir/table.txt" 2>"$dir/stderr.txt" || status=$?
echo "status $status" >>"$dir/table.txt"
mv "$dir/table.txt" "$dir/out"
rm "$dir/out/manifest.json" # it names the version
if [ -n "$update" ]; then
    mkdir -p "$expected"
    cp "$dir/out/"* "$expected"
    exit 0
fi
diff -ru "$expected" "$dir/out"
