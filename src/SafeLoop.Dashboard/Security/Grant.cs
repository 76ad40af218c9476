namespace SafeLoop.Dashboard;

/// <summary>To whom something is granted beyond reading.</summary>
internal sealed class Grant
{
    /// <summary>To all who may read.</summary>
    public static readonly Grant ToReaders = new();

    private Grant()
    {
    }

    /// <summary>The policy that a user must satisfy; null: none.</summary>
    public string? Policy { get; private init; }

    /// <summary>To those who satisfy a policy.</summary>
    public static Grant To(string policy) => new() { Policy = policy };
}
