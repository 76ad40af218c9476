namespace SafeLoop.Tests.History.Oracle;

/// <summary>The life of one host: at its end it is killed, or stops.</summary>
internal sealed record HostLife(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The pause that begins in it, and when it ends; null: none.</summary>
    public (TaskPause Pause, DateTimeOffset Ended)? Pause { get; init; }

    /// <summary>When an operator resumes in it; null: none does.</summary>
    public DateTimeOffset? Resume { get; init; }

    /// <summary>The slot whose iteration is running when the host ends; null: none.</summary>
    public DateTimeOffset? Hangs { get; init; }

    /// <summary>True when it stops in order.</summary>
    public bool Stops { get; init; }
}
