namespace SafeLoop;

/// <summary>A page of samples of the memory of one host, the latest first.</summary>
public sealed record SamplePage
{
    /// <summary>The samples. Of each minute a store keeps the one with the largest heap.</summary>
    public required IReadOnlyList<InstanceSample> Samples { get; init; }

    /// <summary>The cursor of the next page; null: this is the last one.</summary>
    public string? Cursor { get; init; }
}
