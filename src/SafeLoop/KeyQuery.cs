namespace SafeLoop;

/// <summary>Selects keys of a keyed task that this host has.</summary>
public sealed record KeyQuery
{
    /// <summary>The name of the task; capitals do not matter.</summary>
    public required string TaskName { get; init; }

    /// <summary>The beginning of the text of a key; null: any. A key with exactly this text comes first.</summary>
    public string? Prefix { get; init; }

    /// <summary>Only keys in this condition.</summary>
    public LoopFilter Filter { get; init; }

    /// <summary>The order. Every order but the default visits every key, and has one page.</summary>
    public KeyOrder Order { get; init; }

    /// <summary>The most keys of a page: 1 to 1,000. The default is 50.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>The <see cref="KeyPage.Cursor"/> of the page before, of the same query; null: the first page.</summary>
    public string? Cursor { get; init; }
}
