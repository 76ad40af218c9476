#!/usr/bin/env bash
# How long a diagnosis takes, how long the process stands still for it, and what the tool itself needs.
# Medians of RUNS (default 5). Build first: dotnet build -c Release tests/SafeLoop.Tool.Tests
# Times on a machine that does other work say little; the processor time of the thread that collects and walks says the same on any load.
set -euo pipefail
cd "$(dirname "$0")/../.."

runs=${RUNS:-5}
target=tests/SafeLoop.Tool.Targets/bin/Release/net10.0/Targets.dll
tool=src/SafeLoop.Tool/bin/Release/net10.0/SafeLoop.Tool.dll

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# The nanoseconds each thread of a process has run.
threads() { (cd "/proc/$1/task" && for task in *; do echo "$task $(cut -d' ' -f1 "$task/schedstat" 2> /dev/null || true)"; done); }

# By how many milliseconds the busiest of them ran since.
busiest() { awk 'NR == FNR { was[$1] = $2; next } { more = $2 - was[$1]; if (more > most) most = more } END { printf "%.1f\n", most / 1e6 }' "$1" "$2"; }

measure() {
    local name=$1 count=$2 work
    work=$(mktemp -d)
    coproc TARGET { exec dotnet "$target" "$name" "$count"; }
    local pid=$TARGET_PID out=${TARGET[0]} in=${TARGET[1]} line before
    while read -r line <&"$out" && [ "$line" != ready ]; do :; done
    for _ in $(seq "$runs"); do
        echo paused >&"$in"
        read -r line <&"$out"
        before=${line#paused }
        threads "$pid" > "$work/before"
        echo collect >&"$in"
        read -r line <&"$out"
        threads "$pid" > "$work/after"
        awk -v before="$before" -v after="${line#paused }" 'BEGIN { print after - before }' >> "$work/collect"
        busiest "$work/before" "$work/after" >> "$work/collecting"

        threads "$pid" > "$work/before"
        /usr/bin/time -f '%e %M' -o "$work/time" dotnet "$tool" diagnose "$pid" > "$work/report" 2> /dev/null || true
        threads "$pid" > "$work/after"
        busiest "$work/before" "$work/after" >> "$work/walking"
        cut -d' ' -f1 "$work/time" | grep -E '^[0-9.]+$' >> "$work/seconds"
        grep -oE '^[0-9.]+ [0-9]+$' "$work/time" | awk '{ print int($2 / 1024) }' >> "$work/memory"
        grep -oE 'paused [0-9.]+ m?s' "$work/report" | awk '{ print $3 == "s" ? $2 * 1000 : $2 }' >> "$work/pause"
    done
    echo "$name $count: $(grep -E 'LEAK' "$work/report" | cut -c1-90)"
    echo "    seconds $(median < "$work/seconds"), pause $(median < "$work/pause") ms (one full collection: $(median < "$work/collect") ms), tool's memory $(median < "$work/memory") MiB"
    echo "    processor time: capture $(median < "$work/walking") ms, one full collection $(median < "$work/collecting") ms"
    echo end >&"$in"
    wait "$pid" || true
    rm -rf "$work"
}

measure SelfAwait 390285
measure SelfAwait 2000000
measure HeavyFrames 390285
