namespace SafeLoop.EntityFrameworkCore;

/// <summary>The state of the loop of a task, or of one key.</summary>
internal class LoopRow
{
    public int TaskId { get; set; }

    /// <summary>The key, see <see cref="StoredText.LoopKey"/>; empty for the task itself.</summary>
    public string KeyText { get; set; } = "";

    public long? LastSlot { get; set; }

    public long? LastEnded { get; set; }

    public long? LastSuccess { get; set; }

    public IterationOutcome LastOutcome { get; set; }

    public int Failures { get; set; }

    public long Succeeded { get; set; }

    public long Failed { get; set; }

    public long TimedOut { get; set; }

    public long Interrupted { get; set; }

    public long Skipped { get; set; }

    public string? Schedule { get; set; }

    public long? PausedSince { get; set; }

    public long? PausedUntil { get; set; }

    public string? PauseReason { get; set; }

    public string? PausedBy { get; set; }

    /// <summary>The stored change of the options, as JSON.</summary>
    public string? ChangeOptions { get; set; }

    public string? ChangeFingerprint { get; set; }

    public long? ChangedSince { get; set; }

    public string? ChangeReason { get; set; }

    public string? ChangedBy { get; set; }

    /// <summary>Why the loop has ended; null: it has not.</summary>
    public LoopEnd? Ended { get; set; }

    public string? EndReason { get; set; }
}
