namespace SafeLoop.Tests;

/// <summary>A call was cut by a test.</summary>
internal sealed class StoreDownException(StoreCall call) : Exception($"The call {call} was cut.");
