#!/usr/bin/env bash
# Builds everything and runs all tests. Needs the .NET 10 SDK and a NuGet source; installs the rest itself.
# The last line says how many passed and failed.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export DOTNET_TieredPGO=0 # a profile pays later than most of these processes end: the build takes a third less CPU time without it
shared_before=${UseSharedCompilation-}
export UseSharedCompilation=true # one compiler for all projects, which stays warm: the build takes a third of the time
export DOTNET_CLI_UI_LANGUAGE=en # the count at the end reads what dotnet says
case ${TMPDIR-} in *' '*) export TMPDIR=/tmp ;; esac # MSBuild runs no command, and .NET's diagnostics finds no process, where it holds a space

if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK is missing: install the version named in global.json from https://dot.net." >&2
    exit 1
fi

# The locks are tested on real servers, which the tests start and stop themselves.
packages=()
command -v redis-server >/dev/null || packages+=(redis-server)
command -v promtool >/dev/null || packages+=(prometheus)
command -v chromium >/dev/null || packages+=(chromium)
command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || packages+=(postgresql)
# One test publishes a native program: that needs a linker, clang or else gcc, and the C library to link with.
echo 'int main(void) { return 0; }' | "$(command -v clang || command -v gcc || echo no-linker)" -x c -o /dev/null - 2>/dev/null || packages+=(gcc libc6-dev)
logs=$(mktemp -d) || {
    echo "No temporary folder can be made: set TMPDIR to a folder you can write to." >&2
    exit 1
}
beside=()
clean_up() {
    for group in "${beside[@]}"; do kill -- "-$group" 2>/dev/null; done
    rm -rf "$logs"
    # It ends by itself after ten minutes; where it was turned off, no process is left behind.
    if [ "$shared_before" = false ]; then dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1; fi
}
trap clean_up EXIT

install() {
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}"
}
installer=
if [ ${#packages[@]} -gt 0 ]; then
    install </dev/null >"$logs/install.log" 2>&1 & # beside the build, which needs none of them
    installer=$!
fi

if ! dotnet build SafeLoop.sln --configuration Release; then
    echo "The build failed; no test was run." >&2
    exit 1
fi

if [ -n "$installer" ] && ! wait "$installer"; then
    cat "$logs/install.log" >&2
    echo "The tests need ${packages[*]}, which could not be installed: run 'apt-get install ${packages[*]}' as root, or on another system install PostgreSQL, Redis, Prometheus and a C compiler." >&2
    exit 1
fi

# Some tests race against a limit of the heap or of time, so a project runs alone at its priority. Not these: some wait for
# servers, programs and a browser much of the time (each line is a lane, whose projects run one after the other), and some are
# patient: they take what is left of the processors until the end, where those that only compile disturb the last ones little.
lanes=(
    SafeLoop.EntityFrameworkCore.Tests
    "SafeLoop.Locks.Tests SafeLoop.Dashboard.Tests SafeLoop.Terminal.Tests"
    "Samples.Tests SafeLoop.Orleans.Tests"
)
read -ra waiting <<<"${lanes[*]}"
beside_locks=(SafeLoop.Orleans.Nemesis SafeLoop.Testing.Tests) # while the nemesis of locks waits, as it does much of the time
patient=(SafeLoop.Tool.Tests SafeLoop.Analyzers.Tests SafeLoop.Aot.Tests)
alone=()
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    case " ${waiting[*]} ${beside_locks[*]} ${patient[*]} " in *" $name "*) ;; *) alone+=("$name") ;; esac
done

# The tests of a project. What they write and how they end are in a file each.
# --blame-hang: a test that hangs is a failure with a name, not a run that never ends.
run() {
    local name=$1
    shift
    ${yields:+nice -n 19} dotnet test "tests/$name" --configuration Release --no-build --blame-hang-timeout 10m --blame-hang-dump-type none "$@" \
        </dev/null 2>&1 | tee "$logs/$name.log"
    echo "${PIPESTATUS[0]}" >"$logs/$name.status"
}

set -m # each is a group of processes, which ends as a whole when this script ends early
(for name in "${patient[@]}"; do yields=yes run "$name" "$@"; done) >/dev/null &
patients=$!
beside+=("$patients")
waiters=()
for lane in "${lanes[@]}"; do
    (for name in $lane; do run "$name" "$@"; done) >/dev/null &
    waiters+=("$!")
done
beside+=("${waiters[@]}")
set +m
wait "${waiters[@]}"
for name in "${waiting[@]}"; do cat "$logs/$name.log"; done
set -m
(run SafeLoop.Locks.Nemesis "$@") >/dev/null &
nemesis=$!
beside+=("$nemesis")
set +m
for name in "${beside_locks[@]}"; do run "$name" "$@"; done
wait "$nemesis"
cat "$logs/SafeLoop.Locks.Nemesis.log"
for name in "${alone[@]}"; do
    # The core is tested, and its bytes are counted, in the runtime that its users have.
    if [ "$name" = SafeLoop.Tests ]; then DOTNET_TieredPGO=1 run "$name" "$@"; else run "$name" "$@"; fi
done

wait "$patients"
beside=()
for name in "${patient[@]}"; do cat "$logs/$name.log"; done

passed=0 failed=0 skipped=0 status=0
for name in "${waiting[@]}" SafeLoop.Locks.Nemesis "${beside_locks[@]}" "${patient[@]}" "${alone[@]}"; do
    summary=$(grep -E '^(Passed|Failed|Skipped)! ' "$logs/$name.log")
    count() { grep -oE "$1: +[0-9]+" <<<"$summary" | grep -oE '[0-9]+$' | awk '{ sum += $1 } END { print sum + 0 }'; }
    if [ "$(cat "$logs/$name.status")" != 0 ]; then
        status=1
        if [ "$(count Failed)" -eq 0 ]; then
            echo "The tests of $name did not run to their end." >&2
            failed=$((failed + 1))
        fi
    elif [ $# -eq 0 ] && [ "$(count Total)" -eq 0 ]; then
        echo "$name ran no test." >&2
        status=1 failed=$((failed + 1))
    fi
    passed=$((passed + $(count Passed))) failed=$((failed + $(count Failed))) skipped=$((skipped + $(count Skipped)))
done
if [ "$passed" -eq 0 ]; then
    echo "No test was run." >&2
    status=1
fi
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
exit "$status"
