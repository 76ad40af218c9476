namespace SafeLoop.EntityFrameworkCore;

/// <summary>A task of an application.</summary>
internal class TaskRow
{
    public int Id { get; set; }

    public string Application { get; set; } = "";

    /// <summary>The name as it was written last.</summary>
    public string Name { get; set; } = "";

    /// <summary>The name in capitals, by which it is found.</summary>
    public string NormalizedName { get; set; } = "";

    public bool IsKeyed { get; set; }

    public string Schedule { get; set; } = "";

    /// <summary>Identifies the options of the host that loaded it last.</summary>
    public string? Fingerprint { get; set; }

    public long FirstSeen { get; set; }

    public long LastSeen { get; set; }
}
