#!/bin/sh
# golden.sh DXSIM SCENARIO EXPECTED [update]: table and summary of a run are what they were when somebody checked them.
# Without an EXPECTED folder of that name nothing can pass. "update" writes it: review the difference like code.
set -eu

dxsim=$1 scenario=$2 expected=$3 update=${4:-}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

status=0
"$dxsim" run "$scenario" -o "$dir/out" >"$dir/table.txt" 2>"$dir/stderr.txt" || status=$?
echo "status $status" >>"$dir/table.txt"
if [ -n "$update" ]; then
    mkdir -p "$expected"
    cp "$dir/table.txt" "$dir/out/summary.csv" "$dir/out/events.csv" "$expected"
    [ ! -f "$dir/out/cloudwatch.csv" ] || cp "$dir/out/cloudwatch.csv" "$expected"
    exit 0
fi
diff -u "$expected/table.txt" "$dir/table.txt"
diff -u "$expected/summary.csv" "$dir/out/summary.csv"
diff -u "$expected/events.csv" "$dir/out/events.csv"
[ ! -f "$dir/out/cloudwatch.csv" ] || diff -u "$expected/cloudwatch.csv" "$dir/out/cloudwatch.csv"
