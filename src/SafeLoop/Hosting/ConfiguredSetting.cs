namespace SafeLoop;

/// <summary>One setting as a layer of the configuration has it.</summary>
/// <param name="Name">The setting, as it is written.</param>
/// <param name="Value">Null or empty: the option's default.</param>
/// <param name="Inner">The name of a setting below one that has no value; null: there is none, as there should be.</param>
internal readonly record struct ConfiguredSetting(string Name, string? Value, string? Inner)
{
    /// <summary>It takes back what code and the layers below set.</summary>
    public bool IsUnset => string.IsNullOrWhiteSpace(Value) && Inner is null;
}
