#!/usr/bin/env bash
# Measures what a store costs, one line per measurement. Needs the Debian package postgresql. It takes hours: run it alone.
set -euo pipefail
cd "$(dirname "$0")/SafeLoop.Store"
dotnet build -c Release -v q
store="dotnet bin/Release/net10.0/SafeLoop.Store.dll"

$store cpu --keys 1000000 --seconds 30 --runs 5
$store ring --iterations 1000000 --runs 21
$store rows --rows 10000000 --repeats 200
$store down --seconds 600 --tasks 100 --every 100 --failing 100 --runs 5
$store sigstop --seconds 20 --tasks 100 --every 100 --failing 100 --runs 5
$store retention --rows 5000000 --seconds 60 --runs 5
$store start --runs 5
