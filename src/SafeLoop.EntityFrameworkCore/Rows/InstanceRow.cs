namespace SafeLoop.EntityFrameworkCore;

/// <summary>One running host. Other rows refer to it by its number, which is shorter than its id.</summary>
internal class InstanceRow
{
    public int Number { get; set; }

    public Guid Id { get; set; }

    public string Application { get; set; } = "";

    public string Host { get; set; } = "";

    public int ProcessId { get; set; }

    public string? Version { get; set; }

    public InstanceState State { get; set; }

    public long Started { get; set; }

    public long Heartbeat { get; set; }

    public long? Ended { get; set; }

    /// <summary>The size of the heap at the last heartbeat; null: it has sent none.</summary>
    public long? HeapSize { get; set; }

    public long? HeapLimit { get; set; }

    public int? Loops { get; set; }

    /// <summary>The last batch that was saved. A batch is saved when its number is greater.</summary>
    public long Batch { get; set; }
}
