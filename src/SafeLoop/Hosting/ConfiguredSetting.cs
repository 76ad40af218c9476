namespace SafeLoop;

/// <summary>One setting in one layer of the configuration.</summary>
/// <param name="Name">The name as it is written.</param>
/// <param name="Value">Null or empty: the option's default.</param>
/// <param name="Inner">The name of a child setting, which a setting without a value must not have; null: none.</param>
internal readonly record struct ConfiguredSetting(string Name, string? Value, string? Inner)
{
    /// <summary>True when it resets what code and lower layers have set.</summary>
    public bool IsUnset => string.IsNullOrWhiteSpace(Value) && Inner is null;
}
