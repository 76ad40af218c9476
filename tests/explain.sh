#!/usr/bin/env bash
# Holds the explanations of so many years (default 100) against their models, and prints how many answers of each kind
# were compared. A second argument is the first seed.
cd "$(dirname "$0")" && SAFELOOP_YEARS="${1:-100}" SAFELOOP_FIRST_SEED="${2:-1}" exec dotnet test SafeLoop.Tests -c Release --logger "console;verbosity=detailed" --filter "FullyQualifiedName~OracleTests.Every_explanation"
