namespace SafeLoop.Dashboard;

/// <summary>Failures with the same error.</summary>
/// <param name="Text">The error; null: nothing was thrown.</param>
/// <param name="Details">The exception with its stack trace; null: not known.</param>
/// <param name="Count">How many slots.</param>
/// <param name="First">The first slot of those that were read.</param>
/// <param name="Last">The last one.</param>
/// <param name="LastKey">Its key; null: none.</param>
internal sealed record ErrorGroup(
    string? Text, string? Details, long Count, DateTimeOffset First, DateTimeOffset Last, string? LastKey);
