namespace SafeLoop;

/// <summary>Where the options of a task come from that has settings in the configuration.</summary>
/// <param name="Code">The options that code has set, before the configuration. Frozen.</param>
/// <param name="Configured">What the configuration sets, lowest layer first.</param>
/// <param name="HidesSchedule">True: the schedule of code is hidden, because the configuration names one.</param>
/// <param name="HidesZone">True: the zone of code is hidden, because the schedule of the configuration needs none.</param>
/// <param name="ResetGroups">The groups whose options of code are reset.</param>
internal sealed record OptionOrigins(
    RecurringTaskOptions Code,
    IReadOnlyList<ConfiguredValue> Configured,
    bool HidesSchedule,
    bool HidesZone,
    IReadOnlyCollection<string> ResetGroups);
