namespace SafeLoop.Tool;

/// <summary>An assembly file loaded in the process, and the signature of the symbols it was built with.</summary>
internal sealed record HeapModule(string Path, Guid PdbSignature, string PdbPath)
{
    /// <summary>By its name.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOfTheFramework => System.IO.Path.GetFileName(Path) is { } name
        && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));
}
