namespace SafeLoop;

/// <summary>Options that belong together and are one section of the configuration.</summary>
/// <param name="Name">The name of the section.</param>
/// <param name="ShortForm">The member for which a value of the section stands; null: no member is that obvious.</param>
/// <param name="Reset">Sets all members to their defaults.</param>
internal sealed record SettingGroup(string Name, string? ShortForm, Action<RecurringTaskOptions> Reset);
