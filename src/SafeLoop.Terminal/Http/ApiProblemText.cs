namespace SafeLoop.Terminal;

/// <summary>The part of problem details that is shown.</summary>
internal sealed record ApiProblemText
{
    /// <summary>What is wrong, as a sentence.</summary>
    public string? Detail { get; init; }
}
