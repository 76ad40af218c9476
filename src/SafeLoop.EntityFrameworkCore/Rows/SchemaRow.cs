namespace SafeLoop.EntityFrameworkCore;

/// <summary>The one row that says which version the tables have.</summary>
internal class SchemaRow
{
    public const int Current = 1;

    public int Id { get; set; }

    public int Version { get; set; }

    /// <summary>The oldest version whose code can still use these tables.</summary>
    public int OldestVersion { get; set; }

    /// <summary>The number of the last command. Its update makes commands visible in the order of their numbers.</summary>
    public long LastCommand { get; set; }
}
