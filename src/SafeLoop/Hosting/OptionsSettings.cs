using static SafeLoop.Setting;
using Options = SafeLoop.RecurringTaskOptions;

namespace SafeLoop;

/// <summary>The table of settings that can be written in configuration.</summary>
/// <remarks>
/// Used instead of the general binder: the table contains every name, so a mistyped name is an error with a suggestion, and
/// every error is a sentence.
/// </remarks>
internal static class OptionsSettings
{
    private static readonly string[] Schedules =
        [nameof(Options.Every), nameof(Options.Delay), nameof(Options.Cron), nameof(Options.Continuously)];

    // The name of a setting is the member that its first function reads: o => o.Lock.Name is Lock:Name.
    private static readonly Dictionary<string, Setting> All = new Setting[]
    {
        Bool(o => o.Enabled, (o, value) => o.Enabled = value),
        Time(o => o.Every, (o, value) => o.Every = value),
        Time(o => o.Delay, (o, value) => o.Delay = value),
        Text(o => o.Cron, (o, value) => o.Cron = value),
        Named<CronDialect, CronDialect?>(o => o.CronDialect, (o, value) => o.CronDialect = value),
        Text(o => o.TimeZone, (o, value) => o.TimeZone = value),
        Bool(o => o.Continuously, (o, value) => o.Continuously = value),
        Time(o => o.Jitter, (o, value) => o.Jitter = value),
        Bool(o => o.Spread, (o, value) => o.Spread = value),
        Time(o => o.StartAfter, (o, value) => o.StartAfter = value),
        Instant(o => o.StartAt, (o, value) => o.StartAt = value),
        Instant(o => o.EndAt, (o, value) => o.EndAt = value),
        Bool(o => o.AwaitApplicationStarted, (o, value) => o.AwaitApplicationStarted = value),
        Bool(o => o.RunOnStart, (o, value) => o.RunOnStart = value),
        Named<MissedSlots>(o => o.Missed.Policy, (o, value) => o.Missed.Policy = value),
        Time(o => o.Missed.Window, (o, value) => o.Missed.Window = value),
        Whole(o => o.Missed.Max, (o, value) => o.Missed.Max = value),
        Named<Overlap>(o => o.Overlap.Policy, (o, value) => o.Overlap.Policy = value),
        Whole(o => o.Overlap.Max, (o, value) => o.Overlap.Max = value),
        Named<SkippedTime>(o => o.DaylightSaving.Skipped, (o, value) => o.DaylightSaving.Skipped = value),
        Named<RepeatedTime>(o => o.DaylightSaving.Repeated, (o, value) => o.DaylightSaving.Repeated = value),
        Time(o => o.SurviveRestarts, (o, value) => o.SurviveRestarts = value),
        Bool(o => o.InCluster, (o, value) => o.InCluster = value),
        Text(o => o.FormerName, (o, value) => o.FormerName = value),
        Long(o => o.StopAfter, (o, value) => o.StopAfter = value),
        Time(o => o.BackOff.Initial, (o, value) => o.BackOff.Initial = value),
        Time(o => o.BackOff.Max, (o, value) => o.BackOff.Max = value),
        Number(o => o.BackOff.Factor, (o, value) => o.BackOff.Factor = value),
        Number(o => o.BackOff.Jitter, (o, value) => o.BackOff.Jitter = value),
        Whole(o => o.Failures.PauseAfter, (o, value) => o.Failures.PauseAfter = value),
        Whole(o => o.Failures.StopAfter, (o, value) => o.Failures.StopAfter = value),
        Whole(o => o.Failures.StopHostAfter, (o, value) => o.Failures.StopHostAfter = value),
        Time(o => o.Timeout, (o, value) => o.Timeout = value),
        Time(o => o.StuckAfter, (o, value) => o.StuckAfter = value),
        Text(o => o.Resilience, (o, value) => (o.Resilience, o.ResiliencePipeline, o.ConfigureResilience) = (value, null, null)),
        Text(o => o.Lock.Name, (o, value) => o.Lock.Name = value),
        Named<LockHeld>(o => o.Lock.WhenHeld, (o, value) => o.Lock.WhenHeld = value),
        Time(o => o.Lock.AtMostFor, (o, value) => o.Lock.AtMostFor = value),
        Time(o => o.Lock.AtLeastFor, (o, value) => o.Lock.AtLeastFor = value),
        Bool(o => o.Lock.RequireFencing, (o, value) => o.Lock.RequireFencing = value),
        Time(o => o.DrainFor, (o, value) => o.DrainFor = value),
        Whole(o => o.Concurrency, (o, value) => o.Concurrency = value),
        Bool(o => o.Singleton, (o, value) => o.Singleton = value),
        Bool(o => o.DedicatedThread, (o, value) => o.DedicatedThread = value),
        Whole(o => o.HistoryLength, (o, value) => o.HistoryLength = value),
        Time(o => o.SucceedWithin, (o, value) => o.SucceedWithin = value),
        Text(o => o.PingAfter, (o, value) => o.PingAfter = value),
    }.ToDictionary(setting => setting.Name, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, SettingGroup> Groups = new SettingGroup[]
    {
        new(nameof(Options.BackOff), nameof(BackOffOptions.Initial), o => o.BackOff = null),
        new(nameof(Options.Lock), nameof(LockOptions.Name), o => o.Lock = null),
        new(nameof(Options.Missed), nameof(MissedOptions.Policy), o => o.Missed = null),
        new(nameof(Options.Overlap), nameof(OverlapOptions.Policy), o => o.Overlap = null),
        new(nameof(Options.DaylightSaving), null, o => o.DaylightSaving = null),
        new(nameof(Options.Failures), null, o => o.Failures = null),
    }.ToDictionary(group => group.Name, StringComparer.OrdinalIgnoreCase);

    // For each group, the names of its members without the group's name.
    private static readonly Dictionary<string, string[]> Members = Groups.Keys.ToDictionary(
        group => group,
        group => All.Keys.Where(name => name.StartsWith($"{group}:", StringComparison.Ordinal))
            .Select(name => name[(group.Length + 1)..]).ToArray(),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>All settings that are no groups.</summary>
    public static IReadOnlyCollection<Setting> Readable => All.Values;

    /// <returns>The name of a setting as the table writes it; null: there is no such setting.</returns>
    public static string? NameOf(string setting) => All.GetValueOrDefault(setting)?.Name;

    /// <returns>The value that a text sets; the default when it is null, and the text itself when it is invalid.</returns>
    public static object? Parse(string setting, string? text)
    {
        var (known, options) = (All[setting], new Options());
        return text is null || known.TrySet(options, text) ? known.Get(options) : text;
    }

    public static bool Has(string setting) => All.ContainsKey(setting) || IsGroup(setting);

    public static bool IsGroup(string setting) => Groups.ContainsKey(setting);

    /// <returns>The names of the members of a group, without the group's name; empty for any other setting.</returns>
    public static string[] MembersOf(string setting) => Members.GetValueOrDefault(setting, []);

    /// <returns>The member that the value of a group sets; null when the group has no short form.</returns>
    public static string? ShortFormOf(string group) => Groups[group].ShortForm;

    public static void ResetGroup(Options options, string group) => Groups[group].Reset(options);

    public static bool IsSchedule(string setting) => Schedules.Contains(setting, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the setting names a schedule, valid or not. <c>Continuously: false</c> names none.</summary>
    public static bool NamesSchedule(ConfiguredSetting setting) =>
        IsSchedule(setting.Name) && !setting.IsUnset
        && !bool.FalseString.Equals(setting.Value?.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>Removes the schedule set in code, because one in configuration replaces it.</summary>
    public static void ClearSchedule(Options options) =>
        (options.Every, options.Delay, options.Cron, options.Continuously, options.DelayPolicy, options.KeySchedules) =
            (null, null, null, false, null, null);

    /// <returns>The problem, as a sentence without its full stop; null when the setting was applied.</returns>
    public static string? Apply(Options options, ConfiguredSetting setting)
    {
        if (IsGroup(setting.Name))
            return $"{setting.Name} '{setting.Value}' is a value, but holds settings. Write {MembersToWrite(setting.Name)}";
        if (!All.TryGetValue(setting.Name, out var known))
            return SettingWords.Explain(setting, [.. All.Keys, .. Groups.Keys]);
        if (setting.Inner is [{ Name: var inner }, ..])
            return $"{setting.Name} has settings of its own ({inner[(setting.Name.Length + 1)..]}). Write {known.Form}";
        if (!setting.IsUnset)
            return known.TrySet(options, setting.Value!.Trim()) ? null : $"{setting.Name} '{setting.Value}' is not {known.Form}";
        known.Reset(options);
        return null;
    }

    /// <summary>True when all settings are equal, and all code-only options that configuration can replace.</summary>
    public static bool AreSame(Options one, Options other) =>
        one.Zone == other.Zone && one.DisabledBy == other.DisabledBy
        && All.Values.All(setting => Equals(setting.Get(one), setting.Get(other)))
        && (one.DelayPolicy is null, one.ResiliencePipeline is null, one.ConfigureResilience is null)
            == (other.DelayPolicy is null, other.ResiliencePipeline is null, other.ConfigureResilience is null);

    private static string MembersToWrite(string group) =>
        string.Join(" or ", MembersOf(group).Select(member => $"{group}:{member}"));
}
