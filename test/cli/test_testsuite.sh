#!/bin/sh
# test_testsuite.sh DXSIM FOLDER: every bad JSON of the test suite is refused by the command, with its place.
# n_*: status 3, each line FILE:LINE:COL: error: ... [DXnnnn]; i_* (left to the reader's choice): 0 or 3, the same.
set -eu

dxsim=$(realpath "$1") folder=$2
failed=0 n=0 i=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# wrong FILE WHY
wrong() {
    echo "${1##*/}: $2"
    head -c 400 "$dir/stderr"
    failed=$((failed + 1))
}

for file in "$folder"/[ni]_*; do
    name=${file##*/}
    cp "$file" "$dir/t.json" # a name without anything that grep would take for a pattern
    status=0
    (cd "$dir" && timeout 5 "$dxsim" validate t.json >stdout 2>stderr) || status=$?
    case $name in
    n_*) n=$((n + 1)) ;;
    *) i=$((i + 1)) ;;
    esac
    case $name:$status in
    n_*:3 | i_*:3)
        [ -s "$dir/stderr" ] || wrong "$file" "refused without a word"
        ! LC_ALL=C grep -aEqv '^t\.json:[1-9][0-9]*:[1-9][0-9]*: error: .+ \[DX[0-9]{4}\]$' "$dir/stderr" ||
            wrong "$file" "no place, or no code"
        ! LC_ALL=C grep -aq '[[:cntrl:]]' "$dir/stderr" || wrong "$file" "control characters"
        ;;
    i_*:0) ;;
    *) wrong "$file" "status $status" ;;
    esac
done
echo "$n bad, $i questionable, $failed treated wrongly"
[ "$failed" = 0 ] && [ "$n" = 188 ] && [ "$i" -gt 30 ]
