namespace SafeLoop.Dashboard;

/// <summary>What matches the filter of an operation on many.</summary>
/// <param name="Result">The count and the fingerprint.</param>
/// <param name="Operations">What the user may operate.</param>
/// <param name="By">The name of the user; null: unknown.</param>
internal sealed record BulkList(BulkResult Result, IReadOnlyList<RecurringTaskOperation> Operations, string? By);
