namespace SafeLoop.Storage;

/// <summary>A task as the store knows it.</summary>
public sealed record StoredTask
{
    /// <summary>The name; capitals do not matter.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The name it had before, whose state and history it takes along unless there is a task of the new name already; null: none.
    /// </summary>
    public string? FormerName { get; init; }

    /// <summary>True when it has one loop per key.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>
    /// Identifies the options of code and configuration; null: unknown. A change without a
    /// <see cref="TaskCommand.Fingerprint"/> gets the one that was loaded last.
    /// </summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// The schedule in words. Claims and outcomes of slots store it with the loop, so that a later start sees whether it has
    /// changed.
    /// </summary>
    public required string Schedule { get; init; }
}
