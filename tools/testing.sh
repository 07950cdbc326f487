# shellcheck shell=sh
# What tools/check and tools/check-all share: sourced, by sh, at the root of the project.
export LC_ALL=C G_DEBUG=fatal-criticals

passed=0 failed=0 skipped=0

# Add what a run of meson test counted.
count() {
    log=$1/meson-logs/testlog.txt
    for word in Ok Fail Skipped Timeout "Expected Fail" "Unexpected Pass"; do
        n=$(sed -n "s/^$word: *\([0-9]*\).*/\1/p" "$log" | tail -n 1)
        n=${n:-0}
        case $word in
        Ok | "Expected Fail") passed=$((passed + n)) ;;
        Skipped) skipped=$((skipped + n)) ;;
        *) failed=$((failed + n)) ;;
        esac
    done
}

# build DIR MESON-OPTION... : configured and compiled, quietly unless it fails
build() {
    dir=$1
    shift
    [ -d "$dir" ] || meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log"; exit 1; }
    ninja -C "$dir" >"$dir.log" 2>&1 || { cat "$dir.log"; exit 1; }
    rm -f "$dir.log"
}

# run NAME COMMAND...: one test, whose output is shown when it fails
run() {
    name=$1
    shift
    if "$@" >one-test.log 2>&1; then
        passed=$((passed + 1))
        echo "ok   $name"
    else
        failed=$((failed + 1))
        tail -n 60 one-test.log
        echo "FAIL $name"
    fi
    rm -f one-test.log
}

# The closing line; as a status, whether all is well.
close_report() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
