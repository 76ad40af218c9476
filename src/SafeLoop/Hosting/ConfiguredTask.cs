namespace SafeLoop;

/// <summary>The settings of one task, merged from the layers of the configuration: the highest layer wins.</summary>
/// <remarks>
/// Settings that mean nothing alone are handled together. The highest layer that names a schedule hides the schedules of lower
/// layers and of code, and a zone without a cron is reset. Resetting a lock or a back-off also resets its other settings.
/// </remarks>
internal sealed class ConfiguredTask
{
    private const int InCode = -1;

    private static readonly (string Owner, string[] Owned)[] Groups =
    [
        (
            nameof(RecurringTaskOptions.Lock),
            [
                nameof(RecurringTaskOptions.WhenLockHeld),
                nameof(RecurringTaskOptions.LockAtMostFor),
                nameof(RecurringTaskOptions.LockAtLeastFor),
            ]),
        (
            nameof(RecurringTaskOptions.BackOffInitial),
            [
                nameof(RecurringTaskOptions.BackOffMax),
                nameof(RecurringTaskOptions.BackOffFactor),
                nameof(RecurringTaskOptions.BackOffJitter),
            ]),
    ];

    private readonly OrderedDictionary<string, (ConfiguredSetting Setting, int Layer)> _settings =
        new(StringComparer.OrdinalIgnoreCase);

    /// <param name="layers">The lowest first.</param>
    public ConfiguredTask(IEnumerable<IEnumerable<ConfiguredSetting>> layers)
    {
        foreach (var (layer, settings) in layers.Index())
        {
            foreach (var setting in settings)
                _settings[setting.Name] = (setting, layer);
        }
    }

    /// <returns>What cannot be read, as sentences without their beginning and full stop.</returns>
    public IReadOnlyList<string> ApplyTo(RecurringTaskOptions options)
    {
        var schedules = _settings.Values.Where(found => OptionsSettings.IsSchedule(found.Setting.Name)).ToArray();
        var named = schedules.Where(found => OptionsSettings.NamesSchedule(found.Setting)).ToArray();
        if (named.Length > 0)
        {
            var highest = named.Max(found => found.Layer);
            foreach (var hidden in named.Where(found => found.Layer < highest))
                _settings.Remove(hidden.Setting.Name);
            OptionsSettings.ClearSchedule(options);
        }
        foreach (var (owner, owned) in Groups)
            UnsetTogether(owner, owned, options);

        string[] problems = [.. _settings.Values.Select(found => OptionsSettings.Apply(options, found.Setting)).OfType<string>()];

        var decided = (named.Length > 0 ? named : schedules).Select(found => found.Layer).DefaultIfEmpty(InCode).Max();
        if (!options.HasSchedule && options.KeySchedules is null)
            options.UnsetSchedule = schedules.Select(found => found.Setting.Name).FirstOrDefault();
        if (!options.NeedsZone && LayerOf(nameof(RecurringTaskOptions.TimeZone)) < decided)
            options.TimeZone = null;
        return problems;
    }

    private void UnsetTogether(string owner, string[] owned, RecurringTaskOptions options)
    {
        if (!_settings.TryGetValue(owner, out var found) || !found.Setting.IsUnset)
            return;
        foreach (var setting in owned.Where(setting => LayerOf(setting) < found.Layer))
        {
            _settings.Remove(setting);
            OptionsSettings.Apply(options, new(setting, null, null));
        }
    }

    private int LayerOf(string setting) => _settings.TryGetValue(setting, out var found) ? found.Layer : InCode;
}
