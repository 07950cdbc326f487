#!/bin/sh
# Files as C strings, for a program that must not look for them at run time.
#
#   tools/embed.sh plots/latency-cdf.gp ... > scripts.c
#
# defines `const char *const dx__embedded_latency_cdf` for each: the name without folder and ending, '-' as '_'.
set -eu

for file; do
    [ -r "$file" ] || { echo "embed.sh: $file cannot be read" >&2; exit 1; }
done

echo "/* Made by tools/embed.sh; do not edit. */"
for file; do
    base=${file##*/}
    symbol=$(printf %s "${base%.*}" | tr -c 'A-Za-z0-9' '_')
    echo
    echo "static const char ${symbol}_bytes[] = {"
    od -An -v -to1 "$file" | sed "s/ *\([0-7][0-7]*\)/ '\\\\\1',/g; s/^/   /"
    echo "    0"
    echo "};"
    echo "extern const char *const dx__embedded_${symbol};"
    echo "const char *const dx__embedded_${symbol} = ${symbol}_bytes;"
done
