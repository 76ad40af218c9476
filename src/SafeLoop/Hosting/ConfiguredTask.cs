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
    private readonly List<(ConfiguredSetting Setting, int Layer)> _all = [];
    private bool _hidesSchedule, _hidesZone;

    /// <param name="layers">The layers, lowest first.</param>
    public ConfiguredTask(IEnumerable<IEnumerable<ConfiguredSetting>> layers)
    {
        foreach (var (layer, settings) in layers.Select(settings => settings.ToArray()).Index())
        {
            foreach (var group in settings.Where(setting => setting.IsUnset && OptionsSettings.IsGroup(setting.Name)))
                ResetGroup(group.Name);
            foreach (var setting in settings.SelectMany(FlattenAndCheck))
            {
                _settings[setting.Name] = (setting, layer);
                _all.Add((setting, layer));
            }
        }
    }

    /// <summary>True when there is a setting.</summary>
    public bool HasSettings => _all.Count > 0 || _resetInCode.Count > 0;

    /// <summary>Says what became of each setting. Call it after <see cref="ApplyTo"/>.</summary>
    /// <param name="code">The options before that.</param>
    /// <param name="layers">The names of the layers, lowest first.</param>
    public OptionOrigins Explain(RecurringTaskOptions code, IReadOnlyList<string> layers) => new(
        code,
        [
            .. from found in _all
               let name = OptionsSettings.NameOf(found.Setting.Name)
               where name is not null
               let text = found.Setting.HasValue ? found.Setting.Value!.Trim() : null
               select new ConfiguredValue(name, layers[found.Layer], text, FateOf(found.Setting, found.Layer)),
        ],
        _hidesSchedule,
        _hidesZone,
        _resetInCode);

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
            _hidesSchedule = true;
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
            (options.TimeZone, _hidesZone) = (null, true);
        return problems;
    }

    private OptionFate FateOf(ConfiguredSetting setting, int layer)
    {
        if (LayerOf(setting.Name) == layer)
        {
            return _hidesZone && setting.Name.Equals(nameof(RecurringTaskOptions.TimeZone), StringComparison.OrdinalIgnoreCase)
                ? OptionFate.Hidden
                : OptionFate.InForce;
        }
        return _settings.ContainsKey(setting.Name) ? OptionFate.Replaced
            : OptionsSettings.IsSchedule(setting.Name) ? OptionFate.Hidden
            : OptionFate.Reset;
    }

    // Called before the layer's own settings are merged, so that only those of lower layers are removed.
    private void ResetGroup(string group)
    {
        foreach (var member in OptionsSettings.MembersOf(group))
            _settings.Remove($"{group}:{member}");
        _resetInCode.Add(group);
    }

    /// <summary>Replaces a group by its members.</summary>
    public static IEnumerable<ConfiguredSetting> Flatten(ConfiguredSetting setting)
    {
        if (!OptionsSettings.IsGroup(setting.Name))
            return [setting];
        if (!setting.HasValue)
            return setting.Inner;
        return OptionsSettings.ShortFormOf(setting.Name) is { } member
            ? [.. setting.Inner, new($"{setting.Name}:{member}", setting.Value, [])]
            : [setting with { Inner = [] }, .. setting.Inner]; // an error, which Apply reports
    }

    // Reports an option that has both a short form and a member.
    private IEnumerable<ConfiguredSetting> FlattenAndCheck(ConfiguredSetting setting)
    {
        if (OptionsSettings.IsGroup(setting.Name) && setting.HasValue
            && OptionsSettings.ShortFormOf(setting.Name) is { } member)
        {
            var name = $"{setting.Name}:{member}";
            var twice = setting.Inner.FirstOrDefault(inner => name.Equals(inner.Name, StringComparison.OrdinalIgnoreCase));
            if (twice.Inner is not null)
                _problems.Add($"{setting.Name} '{setting.Value}' and {twice.Name} '{twice.Value}' set the same option. Keep one");
        }
        return Flatten(setting);
    }

    private int LayerOf(string setting) => _settings.TryGetValue(setting, out var found) ? found.Layer : InCode;
}
