namespace SafeLoop.Storage;

/// <summary>How long history is kept. Register one with the services to change the defaults.</summary>
/// <remarks>
/// Each value must be positive, otherwise the host does not start. <see cref="TimeSpan.MaxValue"/> keeps the rows for ever.
/// </remarks>
/// <example><code>
/// builder.Services.AddSingleton(new StoreRetention { Successes = TimeSpan.FromDays(30) });
/// </code></example>
public sealed record StoreRetention
{
    private static readonly StoreRetention Default = new();

    /// <summary>Successes. The default is 3 days.</summary>
    public TimeSpan Successes { get; init; } = TimeSpan.FromDays(3);

    /// <summary>All other outcomes, commands and instances. The default is 90 days.</summary>
    public TimeSpan Others { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Samples of the memory of hosts, one per host and minute. The default is 3 days.</summary>
    public TimeSpan Samples { get; init; } = TimeSpan.FromDays(3);

    /// <summary>Totals per hour. The default is 400 days.</summary>
    public TimeSpan Totals { get; init; } = TimeSpan.FromDays(400);

    internal IEnumerable<string> FindProblems() => new[]
    {
        FindProblem(nameof(Successes), Successes, Default.Successes),
        FindProblem(nameof(Others), Others, Default.Others),
        FindProblem(nameof(Samples), Samples, Default.Samples),
        FindProblem(nameof(Totals), Totals, Default.Totals),
    }.OfType<string>();

    private static string? FindProblem(string setting, TimeSpan value, TimeSpan usual) => value > TimeSpan.Zero ? null
        : $"StoreRetention.{setting} must be positive; it is {value:c}. Set it to how long the rows are kept, such as {usual:c}, "
            + "or to TimeSpan.MaxValue to keep them for ever.";
}
