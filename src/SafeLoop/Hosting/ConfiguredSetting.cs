namespace SafeLoop;

/// <summary>One setting in one layer of the configuration.</summary>
/// <param name="Name">The name as written; for a member of a group, prefixed with the group's name and a colon.</param>
/// <param name="Value">Null or empty: the option's default.</param>
/// <param name="Inner">The settings below this one: the members of a group; an error for any other setting.</param>
internal readonly record struct ConfiguredSetting(string Name, string? Value, ConfiguredSetting[] Inner)
{
    /// <summary>True when the setting resets the values from code and lower layers.</summary>
    public bool IsUnset => !HasValue && Inner.Length == 0;

    public bool HasValue => !string.IsNullOrWhiteSpace(Value);
}
