namespace SafeLoop.Tests.History.Oracle;

/// <summary>The life of one host: it is killed at its end.</summary>
internal sealed record HostLife(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The pause that begins in it, and when it ends; null: none.</summary>
    public (TaskPause Pause, DateTimeOffset Ended)? Pause { get; init; }

    /// <summary>When an operator resumes in it; null: none does.</summary>
    public DateTimeOffset? Resume { get; init; }

    /// <summary>The slot whose iteration is running when the host is killed, and its task; null: none.</summary>
    public (string Task, DateTimeOffset Slot)? Hangs { get; init; }

    public DateTimeOffset? HangsAt(string task) => Hangs?.Task == task ? Hangs.Value.Slot : null;
}
