#!/usr/bin/env bash
# Builds everything and runs all tests. Needs the .NET 10 SDK and a NuGet source; installs the rest itself.
# The last line says how many passed and failed.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1
export DOTNET_CLI_UI_LANGUAGE=en # the count at the end reads what dotnet says
case ${TMPDIR-} in *' '*) export TMPDIR=/tmp ;; esac # MSBuild runs no command, and .NET's diagnostics finds no process, where it holds a space

if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK is missing: install the version named in global.json from https://dot.net." >&2
    exit 1
fi

# The locks are tested on real servers, which the tests start and stop themselves.
packages=()
command -v redis-server >/dev/null || packages+=(redis-server)
command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || packages+=(postgresql)
# One test publishes a native program: that needs a linker, clang or else gcc, and the C library to link with.
echo 'int main(void) { return 0; }' | "$(command -v clang || command -v gcc || echo no-linker)" -x c -o /dev/null - 2>/dev/null || packages+=(gcc libc6-dev)
if [ ${#packages[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
    if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${packages[@]}"; }; then
        echo "The tests need ${packages[*]}, which could not be installed: run 'apt-get install ${packages[*]}' as root, or on another system install PostgreSQL, Redis and a C compiler." >&2
        exit 1
    fi
fi

log=$(mktemp) || {
    echo "No temporary file can be made: set TMPDIR to a folder you can write to." >&2
    exit 1
}
trap 'rm -f "$log"' EXIT

if ! dotnet build SafeLoop.sln --configuration Release; then
    echo "The build failed; no test was run." >&2
    exit 1
fi

# --blame-hang: a test that hangs is a failure with a name, not a run that never ends.
# One project after the other: some count bytes, start servers or race against a limit of the heap, and must not do so beside each other.
dotnet test SafeLoop.sln --configuration Release --no-build -m:1 --blame-hang-timeout 10m --blame-hang-dump-type none "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

count() { grep -oE "$1: +[0-9]+" "$log" | grep -oE '[0-9]+$' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count Passed) failed=$(count Failed) skipped=$(count Skipped)

if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1 # the run itself broke
fi
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
