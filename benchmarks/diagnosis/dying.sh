#!/usr/bin/env bash
# A process leaks into a limit of 1 GiB as fast as it can: is it diagnosed before it dies? RUNS (default 10) times.
# The limit is a memory control group where one can be made (as root), else the runtime's own (DOTNET_GCHeapHardLimit).
# Build first: dotnet build -c Release tests/SafeLoop.Tool.Tests
set -euo pipefail
cd "$(dirname "$0")/../.."

runs=${RUNS:-10}
program=${PROGRAM:-HeavyFrames} # or SelfAwait: frames without locals, some four million when the rule holds
target=tests/SafeLoop.Tool.Targets/bin/Release/net10.0/Targets.dll
tool=src/SafeLoop.Tool/bin/Release/net10.0/SafeLoop.Tool.dll
work=$(mktemp -d)
limit=$((1024 * 1024 * 1024))

group=""
if [ -w /sys/fs/cgroup/memory ] && mkdir "/sys/fs/cgroup/memory/safeloop-$$" 2> /dev/null; then
    group=/sys/fs/cgroup/memory/safeloop-$$
    echo $limit > "$group/memory.limit_in_bytes"
elif [ -f /sys/fs/cgroup/cgroup.controllers ] && mkdir "/sys/fs/cgroup/safeloop-$$" 2> /dev/null && [ -e "/sys/fs/cgroup/safeloop-$$/memory.max" ]; then
    group=/sys/fs/cgroup/safeloop-$$
    echo $limit > "$group/memory.max"
fi
echo "limit: ${group:-DOTNET_GCHeapHardLimit}"

start() {
    if [ -n "$group" ]; then
        echo $BASHPID > "$group/cgroup.procs"
    else
        export DOTNET_GCHeapHardLimit=40000000
    fi
    exec dotnet "$target" "$program" 10
}

good=0
for run in $(seq "$runs"); do
    coproc TARGET { start; }
    pid=$TARGET_PID out=${TARGET[0]} in=${TARGET[1]}
    while read -r line <&"$out" && [ "$line" != ready ]; do :; done
    dotnet "$tool" watch "$pid" --out "$work" > "$work/report" 2>&1 &
    watching=$!
    until grep -q gen2 "$work/report"; do read -rt 0.05 <> <(:) || true; done
    echo "more 1000000000" >&"$in"
    wait "$watching" && code=0 || code=$?
    alive=dead; kill -0 "$pid" 2> /dev/null && alive=alive
    said=$(grep -E 'LEAK|Line [0-9]+ awaits' "$work/report" | tr '\n' ' ' | cut -c1-200)
    [ "$code" = 3 ] && [[ $said == *"awaits the same method"* ]] && good=$((good + 1))
    echo "$run: exit $code, process $alive; $(grep -oE '[0-9]+ % +[0-9.]+ [KMG]iB of' "$work/report" | tail -1); $said"
    kill -9 "$pid" 2> /dev/null || true
    wait "$pid" 2> /dev/null || true
done
echo "$good of $runs diagnosed"
rm -rf "$work"
[ -z "$group" ] || rmdir "$group"
