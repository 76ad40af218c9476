namespace SafeLoop;

/// <summary>The settings of one task, merged from the layers of the configuration: the highest layer wins.</summary>
/// <remarks>
/// Settings that mean nothing alone are handled together. The highest layer that names a schedule hides the schedules of lower
/// layers and of code, and a zone without a cron is reset. A layer that resets a lock or a back-off also resets what code and
/// lower layers have set of it. Higher layers add to what is left.
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
                nameof(RecurringTaskOptions.RequireFencing),
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

    private readonly HashSet<string> _resetInCode = [];

    /// <param name="layers">The lowest first.</param>
    public ConfiguredTask(IEnumerable<IEnumerable<ConfiguredSetting>> layers)
    {
        foreach (var (layer, settings) in layers.Select(settings => settings.ToArray()).Index())
        {
            ResetGroups(settings);
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
        foreach (var setting in _resetInCode)
            OptionsSettings.Apply(options, new(setting, null, null));

        string[] problems = [.. _settings.Values.Select(found => OptionsSettings.Apply(options, found.Setting)).OfType<string>()];

        var decided = (named.Length > 0 ? named : schedules).Select(found => found.Layer).DefaultIfEmpty(InCode).Max();
        if (!options.HasSchedule && options.KeySchedules is null)
            options.UnsetSchedule = schedules.Select(found => found.Setting.Name).FirstOrDefault();
        if (!options.NeedsZone && LayerOf(nameof(RecurringTaskOptions.TimeZone)) < decided)
            options.TimeZone = null;
        return problems;
    }

    // Called before the layer's own settings are merged, so that only those of lower layers are removed.
    private void ResetGroups(ConfiguredSetting[] settings)
    {
        foreach (var (owner, owned) in Groups)
        {
            if (!settings.Any(setting => setting.IsUnset && owner.Equals(setting.Name, StringComparison.OrdinalIgnoreCase)))
                continue;
            foreach (var setting in owned)
            {
                _settings.Remove(setting);
                _resetInCode.Add(setting);
            }
        }
    }

    private int LayerOf(string setting) => _settings.TryGetValue(setting, out var found) ? found.Layer : InCode;
}
