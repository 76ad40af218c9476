#!/usr/bin/env bash
# Holds the explanations of so many years (default 100) against their models. A second argument is the first seed.
cd "$(dirname "$0")" && SAFELOOP_YEARS="${1:-100}" SAFELOOP_FIRST_SEED="${2:-1}" exec dotnet test SafeLoop.Tests -c Release --filter "FullyQualifiedName~OracleTests.Every_explanation"
