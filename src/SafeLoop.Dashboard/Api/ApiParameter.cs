namespace SafeLoop.Dashboard;

/// <summary>A parameter in the query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is, in a sentence.</param>
/// <param name="Type">The type of its value.</param>
internal abstract record ApiParameter(string Name, string Description, Type Type)
{
    /// <summary>True when a request without it is refused.</summary>
    public bool IsRequired { get; init; }
}
