#!/usr/bin/env bash
# Kills hosts at every point at which they talk to their store: every point on 5 seeds, and a drawn point on 200 seeds, with
# 1 and with 3 replicas, on SQLite and on PostgreSQL. Then real processes are killed for ten minutes. Each line counts; the
# last one says whether anything was violated. Not for CI: hours.
#   tests/crash.sh [seeds of every point, 5] [seeds of a drawn point, 200] [databases, "sqlite postgres"]
cd "$(dirname "$0")/.." || exit 2
dotnet build tests/SafeLoop.EntityFrameworkCore.Tests -c Release -v q || exit 2
program=tests/SafeLoop.EntityFrameworkCore.Tests/bin/Release/net10.0/SafeLoop.EntityFrameworkCore.Tests.dll
status=0
for database in ${3:-sqlite postgres}; do
    for replicas in 1 3; do
        dotnet "$program" crash "$database" "$replicas" every 1 "${1:-5}" || status=1
        dotnet "$program" crash "$database" "$replicas" drawn 1 "${2:-200}" || status=1
    done
    dotnet "$program" crash processes "$database" 600 1 || status=1
done
if [ "$status" = 0 ]; then echo "Nothing was violated."; else echo "Something was violated, see above."; fi
exit "$status"
