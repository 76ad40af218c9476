namespace SafeLoop.Dashboard;

/// <summary>What an operation on many applies to, or what it has done.</summary>
internal sealed record BulkResult
{
    /// <summary>How many tasks or keys match, and the user may operate.</summary>
    public required int Count { get; init; }

    /// <summary>How many match that the user may not operate. Nothing is done to them.</summary>
    public required int Refused { get; init; }

    /// <summary>Identifies the list. Send it with the second call.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The first of them: names of tasks or texts of keys.</summary>
    public required IReadOnlyList<string> First { get; init; }

    /// <summary>The ids of the commands that were sent; null: nothing was done yet.</summary>
    public IReadOnlyList<Guid>? Commands { get; init; }

    /// <summary>What could not be sent, as sentences; null: nothing was done yet.</summary>
    public IReadOnlyList<string>? Problems { get; init; }
}
