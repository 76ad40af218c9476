#!/usr/bin/env bash
# All shapes of leaks on .NET 8, 9 and 10, self-contained, and on .NET 10 as a single file and trimmed: the first line of what
# three captures say of each. RUNTIMES and SHAPES take fewer. Build first: dotnet build -c Release tests/SafeLoop.Tool.Tests
# Exit code 1 when a leak was not called one.
set -euo pipefail
cd "$(dirname "$0")/../.."

tool=$PWD/src/SafeLoop.Tool/bin/Release/net10.0/SafeLoop.Tool.dll
project=tests/SafeLoop.Tool.Targets.Older/SafeLoop.Tool.Targets.Older.csproj
runtimes=${RUNTIMES:-net8.0 net9.0 net10.0 single trimmed}
shapes=${SHAPES:-StaticDictionary AmongGarbage GenericStatic EventHandlers Registrations LinkedSources UndisposedTimers
    AsyncLocals PendingDelays UnreadChannel Singleton RootTransients BlockedFinalizer Handles LinkedClosures Clients Subscriptions
    LargeBuffers SelfAwait StableCache}
work=$(mktemp -d)
pid=
trap 'kill -9 $pid 2> /dev/null || true; rm -rf "$work"' EXIT
failed=0

publish() {
    local folder=$work/$1 framework=$1 how=()
    case $1 in
    single) framework=net10.0 how=(-p:PublishSingleFile=true) ;;
    trimmed) framework=net10.0 how=(-p:PublishSingleFile=true -p:PublishTrimmed=true -p:TrimMode=full -p:SuppressTrimAnalysisWarnings=true -p:EventSourceSupport=true) ;;
    esac
    # In a folder of its own: the tests have their own builds of this project.
    dotnet publish "$project" -c Release -f "$framework" -p:TargetFrameworks="$framework" -o "$folder" --artifacts-path "$work/artifacts-$1" \
        -v q --nologo "${how[@]}" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
}

# Three captures of a program that goes on meanwhile.
capture() {
    local line count=6000 more=1500
    case $2 in LargeBuffers) count=40 more=20 ;; StableCache) more=3000 ;; esac
    coproc TARGET { exec "$work/$1/Targets.Older" "$2" "$count"; }
    pid=$TARGET_PID
    local out=${TARGET[0]} in=${TARGET[1]} files=()
    while read -r line <&"$out" && [ "$line" != ready ]; do :; done
    for i in 1 2 3; do
        if [ "$i" -gt 1 ]; then
            echo "more $more" >&"$in"
            while read -r line <&"$out" && [ "$line" != ready ]; do :; done
        fi
        files+=("$work/$i.graph")
        dotnet "$tool" diagnose "$pid" --save "$work/$i.graph" > "$work/one" 2> "$work/errors" || true
    done
    dotnet "$tool" compare "${files[@]}" > "$work/report" 2>> "$work/errors" || true
    local said
    said=$(grep -m1 -E '^(LEAK|SUSPICIOUS)' "$work/report" || grep -m1 -E ' leak  ' "$work/report" | sed 's/^ */LEAK (frames) /' || true)
    [ -n "$said" ] || said="nothing: $(grep -A2 -m1 'Largest owners' "$work/report" | tail -1)"
    printf '%-8s  %-17s  %s\n' "$1" "$2" "$said"
    case $2:$said in StableCache:LEAK*) failed=1 ;; StableCache:*) ;; *:LEAK*) ;; *) failed=1 ;; esac
    kill -9 "$pid" # one whose finalizer is blocked does not end by itself
    wait "$pid" 2> /dev/null || true
}

for runtime in $runtimes; do
    publish "$runtime"
    for shape in $shapes; do capture "$runtime" "$shape"; done
done
exit $failed
