#!/usr/bin/env bash
# Builds everything and runs all tests. Needs the .NET 10 SDK and a NuGet source; installs the rest itself.
# The last line says how many passed and failed.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

if ! command -v dotnet >/dev/null; then
    echo "The .NET SDK is missing: install the version named in global.json from https://dot.net." >&2
    exit 1
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

if ! dotnet build SafeLoop.sln --configuration Release; then
    echo "The build failed; no test was run." >&2
    exit 1
fi

# --blame-hang: a test that hangs is a failure with a name, not a run that never ends.
dotnet test SafeLoop.sln --configuration Release --no-build --blame-hang-timeout 5m --blame-hang-dump-type none "$@" 2>&1 | tee "$log"
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
