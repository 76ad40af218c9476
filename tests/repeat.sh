#!/usr/bin/env bash
# Runs the concurrency tests of virtual time so many times (default 10,000; about a second each on two busy cores). Not for CI.
cd "$(dirname "$0")" && SAFELOOP_REPEAT="${1:-10000}" exec dotnet test SafeLoop.Testing.Tests -c Release --filter FullyQualifiedName~RepeatTests
