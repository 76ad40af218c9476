namespace SafeLoop.Storage;

/// <summary>How long history is kept. Register one with the services to change the defaults.</summary>
/// <example><code>
/// builder.Services.AddSingleton(new StoreRetention { Successes = TimeSpan.FromDays(30) });
/// </code></example>
public sealed record StoreRetention
{
    /// <summary>Successes. The default is 3 days.</summary>
    public TimeSpan Successes { get; init; } = TimeSpan.FromDays(3);

    /// <summary>All other outcomes, commands and instances. The default is 90 days.</summary>
    public TimeSpan Others { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Totals per hour. The default is 400 days.</summary>
    public TimeSpan Totals { get; init; } = TimeSpan.FromDays(400);
}
