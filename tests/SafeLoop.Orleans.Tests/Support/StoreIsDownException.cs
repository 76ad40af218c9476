namespace SafeLoop.Tests;

internal sealed class StoreIsDownException() : Exception("The store is down, on purpose.");
