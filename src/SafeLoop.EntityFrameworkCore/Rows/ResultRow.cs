namespace SafeLoop.EntityFrameworkCore;

/// <summary>How a command ended on one instance.</summary>
internal class ResultRow
{
    public string Application { get; set; } = "";

    public Guid CommandId { get; set; }

    public Guid Instance { get; set; }

    public long Ended { get; set; }

    public bool IsExecuted { get; set; }

    public string Text { get; set; } = "";

    /// <summary>The machine of the instance, whose own row is deleted earlier.</summary>
    public string? Host { get; set; }
}
