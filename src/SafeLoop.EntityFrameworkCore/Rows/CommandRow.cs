using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>A command, with who sent it and its progress.</summary>
internal class CommandRow
{
    public string Application { get; set; } = "";

    public Guid Id { get; set; }

    public long Number { get; set; }

    public int TaskId { get; set; }

    public string? KeyText { get; set; }

    public TaskCommandKind Kind { get; set; }

    public long Sent { get; set; }

    public long Expires { get; set; }

    public long? PausedUntil { get; set; }

    public string? Reason { get; set; }

    public string? SentBy { get; set; }

    /// <summary>The instance that sent it and has executed it.</summary>
    public Guid SentFrom { get; set; }

    /// <summary>The options of a change, as JSON.</summary>
    public string? Options { get; set; }

    public string? Fingerprint { get; set; }

    public Guid? TakenBy { get; set; }

    public long? Taken { get; set; }

    /// <summary>When the instance that has taken it recorded its result.</summary>
    public long? Completed { get; set; }
}
