namespace SafeLoop;

/// <summary>What few records have beside what fits into the ring.</summary>
/// <param name="FencingToken">The fencing token of the lock or, where it was refused, of its holder; 0: none.</param>
/// <param name="FirstSlot">The first of several slots; <see cref="Instant.None"/> for one.</param>
/// <param name="TraceId">The id of the trace; null: none.</param>
internal readonly record struct RecordExtra(long FencingToken, Instant FirstSlot, string? TraceId = null);
