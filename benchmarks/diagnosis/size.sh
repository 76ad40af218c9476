#!/usr/bin/env bash
# How long a diagnosis takes and what memory the tool needs, by the number of objects: a dictionary with one array for each
# entry, as heaps are, and objects that reference each other at random, as none is. Of RUNS (default 3) the median.
# Build first: dotnet build -c Release tests/SafeLoop.Tool.Tests
# "processor" is the time of all of the tool's threads, which other work on the machine changes less than the seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."

runs=${RUNS:-3}
target=tests/SafeLoop.Tool.Targets/bin/Release/net10.0/Targets.dll
tool=src/SafeLoop.Tool/bin/Release/net10.0/SafeLoop.Tool.dll

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

measure() {
    local name=$1 count=$2 work line
    work=$(mktemp -d)
    coproc TARGET { exec dotnet "$target" "$name" "$count"; }
    local pid=$TARGET_PID out=${TARGET[0]} in=${TARGET[1]}
    while read -r line <&"$out" && [ "$line" != ready ]; do :; done
    for _ in $(seq "$runs"); do
        /usr/bin/time -f '%e %U %S %M' -o "$work/time" dotnet "$tool" diagnose "$pid" > "$work/report" 2> /dev/null || true
        tail -1 "$work/time" | awk '{ print $1 }' >> "$work/seconds"
        tail -1 "$work/time" | awk '{ print $2 + $3 }' >> "$work/processor"
        tail -1 "$work/time" | awk '{ print int($4 / 1024) }' >> "$work/memory"
    done
    printf '%-18s %12s objects  %6s s  processor %6s s  memory %5s MiB  %s\n' "$name" "$(grep -oE '[0-9,]+ objects' "$work/report" | cut -d' ' -f1)" \
        "$(median < "$work/seconds")" "$(median < "$work/processor")" "$(median < "$work/memory")" \
        "$(grep -oE 'paused [0-9.]+ m?s' "$work/report")"
    echo end >&"$in"
    wait "$pid" || true
    rm -rf "$work"
}

for size in ${SIZES:-500000 5000000}; do
    measure StaticDictionary "$size" # two objects for each entry
    measure RandomGraph $((size * 2))
done
