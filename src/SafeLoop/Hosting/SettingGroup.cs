namespace SafeLoop;

/// <summary>A group of options that is one section of the configuration.</summary>
/// <param name="Name">The name of the section.</param>
/// <param name="ShortForm">The member that a plain value of the section sets; null when there is no short form.</param>
/// <param name="Reset">Sets all members to their defaults.</param>
internal sealed record SettingGroup(string Name, string? ShortForm, Action<RecurringTaskOptions> Reset);
