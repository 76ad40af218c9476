namespace SafeLoop.Dashboard;

/// <summary>A parameter in the query, with the type of its value.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Read">Reads a value.</param>
/// <param name="Expected">What a value must be, for the sentence about one that is not.</param>
internal sealed record ApiParameter<T>(string Name, string Description, ApiParameter<T>.Reader Read, string Expected)
    : ApiParameter(Name, Description, typeof(T))
{
    /// <summary>Reads a value.</summary>
    /// <returns>False when it cannot be read.</returns>
    public delegate bool Reader(string text, out T value);

    /// <summary>The value when the query has none.</summary>
    public T? Default { get; init; }

    /// <summary>The same, for an endpoint that needs it.</summary>
    public ApiParameter<T> Required => this with { IsRequired = true };
}
