#!/usr/bin/env bash
# Draws so many orders of events (default 100,000) and checks each. A second argument is the first seed.
cd "$(dirname "$0")" && SAFELOOP_SCHEDULES="${1:-100000}" SAFELOOP_FIRST_SEED="${2:-1}" exec dotnet test SafeLoop.Testing.Tests -c Release --filter FullyQualifiedName~ExploringTests
