namespace SafeLoop;

/// <summary>One setting in one layer of the configuration.</summary>
/// <param name="Name">The name as it is written; within a group, after the group's name and a colon.</param>
/// <param name="Value">Null or empty: the option's default.</param>
/// <param name="Inner">The settings below it: the members of a group; a mistake for any other setting.</param>
internal readonly record struct ConfiguredSetting(string Name, string? Value, ConfiguredSetting[] Inner)
{
    /// <summary>True when it resets what code and lower layers have set.</summary>
    public bool IsUnset => !HasValue && Inner.Length == 0;

    public bool HasValue => !string.IsNullOrWhiteSpace(Value);
}
