#!/usr/bin/env bash
# Kills hosts at every point at which they talk to their store, and checks every slot, effect, pause, change, command and count.
# Each part prints a line of counts; the last line adds them up and says whether anything was violated. Not for CI: hours.
#
#   tests/crash.sh [parts, "every drawn processes"] [databases, "sqlite postgres"] [replicas, "1 3"] [first seed] [last seed]
#
#   every      a host is killed at every point of its first process; seeds 1 to 5
#   drawn      a drawn point, and now and then a second one; seeds 1 to 200
#   processes  real processes are killed with kill -9 for ten minutes; the first seed
#
# About what it takes on two quiet cores, with 1 and with 3 replicas:
#   every      a seed: 2 and 5 minutes on SQLite, 5 and 15 minutes on PostgreSQL
#   drawn      100 seeds: half a minute and 2 minutes on SQLite, 2 and 5 minutes on PostgreSQL
#   processes  10 minutes on each database
# So all of it takes three hours.
cd "$(dirname "$0")/.." || exit 2
dotnet build tests/SafeLoop.EntityFrameworkCore.Tests -c Release -v q || exit 2
program=tests/SafeLoop.EntityFrameworkCore.Tests/bin/Release/net10.0/SafeLoop.EntityFrameworkCore.Tests.dll
counts=$(mktemp) || exit 2
trap 'rm -f "$counts"' EXIT
set -o pipefail
status=0

run() { dotnet "$program" crash "$@" | tee -a "$counts" || status=1; }

for part in ${1:-every drawn processes}; do
    for database in ${2:-sqlite postgres}; do
        if [ "$part" = processes ]; then run processes "$database" 600 "${4:-1}"; continue; fi
        if [ "$part" = every ]; then last=5; else last=200; fi
        for replicas in ${3:-1 3}; do run "$database" "$replicas" "$part" "${4:-1}" "${5:-$last}"; done
    done
done

awk -v status="$status" '/ replica\(s\): [0-9]+ runs, / {
        sub(/^.* replica\(s\): /, ""); gsub(/,/, "")
        runs += $1; points += $3; cuts += $5; slots += $7; effects += $9; bad += $11; parts++
    }
    END {
        printf "%d parts: %d runs, %d points, %d cuts, %d slots, %d effects, %d runs with violations. ", \
            parts, runs, points, cuts, slots, effects, bad
        print (bad > 0 || status > 0 || parts == 0) ? "Something was violated, see above." : "Nothing was violated."
        exit bad > 0 || status > 0 || parts == 0
    }' "$counts"
