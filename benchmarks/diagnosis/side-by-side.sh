#!/usr/bin/env bash
# What other tools and safeloop say of the same process, time, output, exit code, and in which line the culprit is: of 390,285
# chained frames the method, and of a static dictionary with 60,000 arrays the field.
# Each is stopped after LIMIT seconds (default 120) or BYTES of output (default 100,000,000): some of them would print for hours.
# dotnet-dump and dotnet-gcdump are taken from the path, from DOTNET_DUMP and DOTNET_GCDUMP, or installed into a folder of its own; those that cannot
# be had are named and left out. Build first: dotnet build -c Release tests/SafeLoop.Tool.Tests
set -euo pipefail
cd "$(dirname "$0")/../.."

limit=${LIMIT:-120}
bytes=${BYTES:-100000000}
target=tests/SafeLoop.Tool.Targets/bin/Release/net10.0/Targets.dll
tool=src/SafeLoop.Tool/bin/Release/net10.0/SafeLoop.Tool.dll
work=$(mktemp -d)

have() {
    local given=$1 name=$2
    if [ -n "$given" ]; then echo "$given"
    elif command -v "$name" > /dev/null; then command -v "$name"
    elif timeout 120 dotnet tool install --tool-path "$work/tools" "$name" > /dev/null 2>&1; then echo "$work/tools/$name"
    else echo "$name cannot be had here: left out" >&2
    fi
}

dump=$(have "${DOTNET_DUMP:-}" dotnet-dump)
gcdump=$(have "${DOTNET_GCDUMP:-}" dotnet-gcdump)

pid=
trap 'kill -9 $pid 2> /dev/null || true; rm -rf "$work"' EXIT

# Starts a program; its culprit is what the tools should name.
begin() {
    culprit=$3
    coproc TARGET { exec dotnet "$target" "$1" "$2"; }
    pid=$TARGET_PID out=${TARGET[0]} in=${TARGET[1]}
    while read -r line <&"$out" && [ "$line" != ready ]; do :; done
    echo "$1 $2: who names $culprit?"
}

end() {
    echo end >&"$in"
    wait "$pid" || true
}

say() {
    local name=$1 began ended code=0
    shift
    began=$(date +%s.%N)
    { timeout -k 5 "$limit" "$@" 2> "$work/errors" || echo $? > "$work/code"; } | head -c "$bytes" > "$work/output" || true
    ended=$(date +%s.%N)
    [ -f "$work/code" ] && { code=$(cat "$work/code"); rm "$work/code"; }
    awk -v name="$name" -v began="$began" -v ended="$ended" -v code="$code" -v bytes="$(wc -c < "$work/output")" -v lines="$(wc -l < "$work/output")" \
        -v found="$(grep -n -m1 "$culprit" "$work/output" | cut -d: -f1)" \
        'BEGIN { printf "%-24s %7.1f s  exit %3d  %12d bytes  %8d lines  the culprit: %s\n", name, ended - began, code, bytes, lines, found ? "line " found : "not there" }'
}

begin SelfAwait 390285 ScheduleUpdatingTask
if [ -n "$dump" ]; then
    "$dump" collect -p "$pid" --type Heap -o "$work/core.dmp" > /dev/null
    say "dumpasync" "$dump" analyze "$work/core.dmp" -c dumpasync -c exit
    say "dumpasync --coalesce" "$dump" analyze "$work/core.dmp" -c "dumpasync --coalesce" -c exit
    say "dumpasync --stats" "$dump" analyze "$work/core.dmp" -c "dumpasync --stats" -c exit
    say "dumpheap -stat" "$dump" analyze "$work/core.dmp" -c "dumpheap -stat" -c exit
    frame=$("$dump" analyze "$work/core.dmp" -c "dumpheap -type $culprit -short" -c exit | grep -oE '^[0-9a-f]{12,16}' | head -1 || true)
    say "gcroot of one frame" "$dump" analyze "$work/core.dmp" -c "gcroot $frame" -c exit
    say "safeloop, same dump" dotnet "$tool" diagnose "$work/core.dmp"
fi
if [ -n "$gcdump" ]; then
    "$gcdump" collect -p "$pid" -o "$work/heap.gcdump" > /dev/null
    say "gcdump report" "$gcdump" report "$work/heap.gcdump"
fi
say "safeloop" dotnet "$tool" diagnose "$pid"
say "safeloop --dump" dotnet "$tool" diagnose "$pid" --dump
end

begin StaticDictionary 60000 StaticDictionary._items
if [ -n "$dump" ]; then
    "$dump" collect -p "$pid" --type Heap -o "$work/cache.dmp" > /dev/null
    say "dumpheap -stat" "$dump" analyze "$work/cache.dmp" -c "dumpheap -stat" -c exit
    array=$("$dump" analyze "$work/cache.dmp" -c "dumpheap -type System.Byte[] -min 1500 -max 1600 -short" -c exit | grep -oE '^[0-9a-f]{12,16}' | tail -1 || true)
    say "gcroot of one array" "$dump" analyze "$work/cache.dmp" -c "gcroot $array" -c exit
    cp "$work/output" "$work/gcroot" # the only one that could have it
    tail -5 "$work/gcroot"
fi
if [ -n "$gcdump" ]; then
    say "gcdump collect" "$gcdump" collect -p "$pid" -o "$work/cache.gcdump"
    say "gcdump report" "$gcdump" report "$work/cache.gcdump"
    head -8 "$work/output"
fi
say "safeloop" dotnet "$tool" diagnose "$pid"
end
