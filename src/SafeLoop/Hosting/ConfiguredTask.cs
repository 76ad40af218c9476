namespace SafeLoop;

/// <summary>The settings of one task, merged from the layers of the configuration: the highest layer wins.</summary>
/// <remarks>
/// Settings that depend on each other are merged together. The highest layer that names a schedule hides the schedules of lower
/// layers and of code, and a zone without a cron is reset. A layer that resets a group also resets the group's settings from
/// code and lower layers; higher layers add to the rest. The value of a group is its short form: <c>Lock</c> stands for
/// <c>Lock:Name</c> of the same layer.
/// </remarks>
internal sealed class ConfiguredTask
{
    private const int InCode = -1;

    private readonly OrderedDictionary<string, (ConfiguredSetting Setting, int Layer)> _settings =
        new(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _resetInCode = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _problems = [];

    /// <param name="layers">The layers, lowest first.</param>
    public ConfiguredTask(IEnumerable<IEnumerable<ConfiguredSetting>> layers)
    {
        foreach (var (layer, settings) in layers.Select(settings => settings.ToArray()).Index())
        {
            foreach (var group in settings.Where(setting => setting.IsUnset && OptionsSettings.IsGroup(setting.Name)))
                ResetGroup(group.Name);
            foreach (var setting in settings.SelectMany(Flatten))
                _settings[setting.Name] = (setting, layer);
        }
    }

    /// <returns>The invalid settings, as sentences without their beginning and full stop.</returns>
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
        foreach (var group in _resetInCode)
            OptionsSettings.ResetGroup(options, group);

        string[] problems =
        [
            .. _settings.Values.Select(found => OptionsSettings.Apply(options, found.Setting)).OfType<string>(), .. _problems,
        ];

        var decided = (named.Length > 0 ? named : schedules).Select(found => found.Layer).DefaultIfEmpty(InCode).Max();
        if (!options.HasSchedule && options.KeySchedules is null)
            options.UnsetSchedule = schedules.Select(found => found.Setting.Name).FirstOrDefault();
        if (!options.NeedsZone && LayerOf(nameof(RecurringTaskOptions.TimeZone)) < decided)
            options.TimeZone = null;
        return problems;
    }

    // Called before the layer's own settings are merged, so that only those of lower layers are removed.
    private void ResetGroup(string group)
    {
        foreach (var member in OptionsSettings.MembersOf(group))
            _settings.Remove($"{group}:{member}");
        _resetInCode.Add(group);
    }

    // Replaces a group by its members.
    private IEnumerable<ConfiguredSetting> Flatten(ConfiguredSetting setting)
    {
        if (!OptionsSettings.IsGroup(setting.Name))
            return [setting];
        if (!setting.HasValue)
            return setting.Inner;
        if (OptionsSettings.ShortFormOf(setting.Name) is not { } member)
            return [setting with { Inner = [] }, .. setting.Inner]; // an error, which Apply reports
        var name = $"{setting.Name}:{member}";
        var twice = setting.Inner.FirstOrDefault(inner => name.Equals(inner.Name, StringComparison.OrdinalIgnoreCase));
        if (twice.Inner is not null)
            _problems.Add($"{setting.Name} '{setting.Value}' and {twice.Name} '{twice.Value}' set the same option. Keep one");
        return [.. setting.Inner, new(name, setting.Value, [])];
    }

    private int LayerOf(string setting) => _settings.TryGetValue(setting, out var found) ? found.Layer : InCode;
}
