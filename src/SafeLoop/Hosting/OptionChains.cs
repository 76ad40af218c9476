namespace SafeLoop;

/// <summary>Reads where each option of a task comes from.</summary>
internal static class OptionChains
{
    private static readonly RecurringTaskOptions Defaults = new RecurringTaskOptions().Freeze();

    // What code alone can set, as words.
    private static readonly (string Name, Func<RecurringTaskOptions, string?> Get)[] CodeOnly =
    [
        ("DelayPolicy", o => o.DelayPolicy?.GetType().Name),
        ("KeySchedules", o => o.KeySchedules?.Verb),
        ("ResiliencePipeline", o => o.ResiliencePipeline is null ? null : "set"),
        ("ConfigureResilience", o => o.ConfigureResilience is null ? null : "set"),
        ("Exclusions", o => o.HasExclusions ? $"{o.Exclusions.Count}" : null),
        ("WhileChecks", o => o.HasWhileChecks ? $"{o.WhileChecks.Count}" : null),
        ("UntilChecks", o => o.HasUntilChecks ? $"{o.UntilChecks.Count}" : null),
        ("FailureHandlers", o => o.HasFailureHandlers ? $"{o.FailureHandlers.Count}" : null),
    ];

    /// <summary>Reads all options of a task or a key, in the order of the table of settings.</summary>
    public static IReadOnlyList<OptionChain> Read(RecurringTaskHandle handle)
    {
        var (inForce, configured, change) = (handle.Options, handle.ConfiguredOptions, handle.Snapshot().Change);
        var changed = change is null
            ? []
            : OptionsJson.Read(change.Options, out _).SelectMany(ConfiguredTask.Flatten).Select(setting => setting.Name)
                .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. OptionsSettings.Readable.Select(setting =>
                Read(setting.Name, setting.Get, inForce, configured, changed.Contains(setting.Name))),
            .. CodeOnly.Select(option => Read(option.Name, option.Get, inForce, configured, isChanged: false)),
        ];
    }

    private static OptionChain Read(
        string name,
        Func<RecurringTaskOptions, object?> get,
        RecurringTaskOptions inForce,
        RecurringTaskOptions configured,
        bool isChanged)
    {
        var (value, origins) = (get(inForce), configured.Origins);
        var steps = new List<OptionStep>();
        if (get(origins?.Code ?? configured) is var ofCode && !Equals(ofCode, get(Defaults)))
            steps.Add(new(OptionSource.Code, null, ofCode, FateInCode(name, origins)));
        foreach (var found in origins?.Configured.Where(found => found.Name == name) ?? [])
            steps.Add(new(OptionSource.Configuration, found.Layer, OptionsSettings.Parse(name, found.Text), found.Fate));
        AddCommon(name, configured, steps);
        if (!Equals(get(configured), Last(steps, get(Defaults))))
            Add(steps, OptionSource.LaterCode, get(configured));
        if (isChanged || !Equals(value, get(configured)))
            Add(steps, OptionSource.Change, value);
        return new(name, get(Defaults), value, steps);
    }

    private static OptionFate FateInCode(string name, OptionOrigins? origins)
    {
        if (origins is null)
            return OptionFate.InForce;
        if (origins.Configured.Any(found => found.Name == name && found.Fate is OptionFate.InForce))
            return OptionFate.Replaced;
        var isSchedule = OptionsSettings.IsSchedule(name) || name is "DelayPolicy" or "KeySchedules";
        if ((isSchedule && origins.HidesSchedule) || (name is nameof(RecurringTaskOptions.TimeZone) && origins.HidesZone))
            return OptionFate.Hidden;
        return origins.ResetGroups.Contains(name.Split(':')[0]) ? OptionFate.Reset : OptionFate.InForce;
    }

    // The setting for all tasks comes after those of each.
    private static void AddCommon(string name, RecurringTaskOptions configured, List<OptionStep> steps)
    {
        if (name is nameof(RecurringTaskOptions.Enabled) && configured.DisabledBy is { } setting)
            Add(steps, OptionSource.Configuration, value: false, setting);
    }

    private static void Add(List<OptionStep> steps, OptionSource source, object? value, string? layer = null)
    {
        for (var at = 0; at < steps.Count; at++)
        {
            if (steps[at].Fate is OptionFate.InForce)
                steps[at] = steps[at] with { Fate = OptionFate.Replaced };
        }
        steps.Add(new(source, layer, value, OptionFate.InForce));
    }

    private static object? Last(List<OptionStep> steps, object? byDefault) =>
        steps.FindLast(step => step.Fate is OptionFate.InForce) is { } step ? step.Value : byDefault;
}
