using System.Globalization;

namespace SafeLoop;

/// <summary>The settings that can be written in configuration, one line each.</summary>
/// <remarks>A table instead of the general binder: it knows every name, so a mistyped one is an error with a suggestion, and every error is a sentence.</remarks>
internal static class OptionsSettings
{
    private static readonly RecurringTaskOptions Defaults = new();

    private static readonly string[] Schedules = [nameof(RecurringTaskOptions.Every), nameof(RecurringTaskOptions.Delay), nameof(RecurringTaskOptions.Cron), nameof(RecurringTaskOptions.Continuously)];

    // Each has a date, of which the year comes first: what is missing would be today's, by a clock that is not the loop's.
    private static readonly string[] Instants =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"];

    private const DateTimeStyles InstantStyle = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite;

    private sealed record Setting(
        Func<RecurringTaskOptions, object?> Get,
        Func<RecurringTaskOptions, string, bool> TrySet,
        Action<RecurringTaskOptions> Reset,
        string Form);

    private static readonly Dictionary<string, Setting> All = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(RecurringTaskOptions.Enabled)] = Bool(options => options.Enabled, (options, value) => options.Enabled = value),
        [nameof(RecurringTaskOptions.Every)] = Time(options => options.Every, (options, value) => options.Every = value),
        [nameof(RecurringTaskOptions.Delay)] = Time(options => options.Delay, (options, value) => options.Delay = value),
        [nameof(RecurringTaskOptions.Cron)] = Text(options => options.Cron, (options, value) => options.Cron = value),
        [nameof(RecurringTaskOptions.CronDialect)] = Named<CronDialect, CronDialect?>(
            options => options.CronDialect, (options, value) => options.CronDialect = value),
        [nameof(RecurringTaskOptions.TimeZone)] = Text(options => options.TimeZone, (options, value) => options.TimeZone = value),
        [nameof(RecurringTaskOptions.Continuously)] = Bool(options => options.Continuously, (options, value) => options.Continuously = value),
        [nameof(RecurringTaskOptions.Jitter)] = Time(options => options.Jitter, (options, value) => options.Jitter = value),
        [nameof(RecurringTaskOptions.Spread)] = Bool(options => options.Spread, (options, value) => options.Spread = value),
        [nameof(RecurringTaskOptions.StartAfter)] = Time(options => options.StartAfter, (options, value) => options.StartAfter = value),
        [nameof(RecurringTaskOptions.StartAt)] = Instant(options => options.StartAt, (options, value) => options.StartAt = value),
        [nameof(RecurringTaskOptions.EndAt)] = Instant(options => options.EndAt, (options, value) => options.EndAt = value),
        [nameof(RecurringTaskOptions.AwaitApplicationStarted)] = Bool(
            options => options.AwaitApplicationStarted, (options, value) => options.AwaitApplicationStarted = value),
        [nameof(RecurringTaskOptions.RunOnStart)] = Bool(options => options.RunOnStart, (options, value) => options.RunOnStart = value),
        [nameof(RecurringTaskOptions.OnMissed)] = Named<MissedSlots>(options => options.OnMissed, (options, value) => options.OnMissed = value),
        [nameof(RecurringTaskOptions.MissedWindow)] = Time(options => options.MissedWindow, (options, value) => options.MissedWindow = value),
        [nameof(RecurringTaskOptions.MissedMax)] = Whole(options => options.MissedMax, (options, value) => options.MissedMax = value),
        [nameof(RecurringTaskOptions.OnOverlap)] = Named<Overlap>(options => options.OnOverlap, (options, value) => options.OnOverlap = value),
        [nameof(RecurringTaskOptions.OverlapMax)] = Whole(options => options.OverlapMax, (options, value) => options.OverlapMax = value),
        [nameof(RecurringTaskOptions.SkippedTime)] = Named<SkippedTime>(options => options.SkippedTime, (options, value) => options.SkippedTime = value),
        [nameof(RecurringTaskOptions.RepeatedTime)] = Named<RepeatedTime>(options => options.RepeatedTime, (options, value) => options.RepeatedTime = value),
        [nameof(RecurringTaskOptions.StopAfter)] = Long(options => options.StopAfter, (options, value) => options.StopAfter = value),
        [nameof(RecurringTaskOptions.BackOffInitial)] = Time(options => options.BackOffInitial, (options, value) => options.BackOffInitial = value),
        [nameof(RecurringTaskOptions.BackOffMax)] = Time(options => options.BackOffMax, (options, value) => options.BackOffMax = value),
        [nameof(RecurringTaskOptions.BackOffFactor)] = Number(options => options.BackOffFactor, (options, value) => options.BackOffFactor = value),
        [nameof(RecurringTaskOptions.BackOffJitter)] = Number(options => options.BackOffJitter, (options, value) => options.BackOffJitter = value),
        [nameof(RecurringTaskOptions.PauseAfterFailures)] = Whole(options => options.PauseAfterFailures, (options, value) => options.PauseAfterFailures = value),
        [nameof(RecurringTaskOptions.StopAfterFailures)] = Whole(options => options.StopAfterFailures, (options, value) => options.StopAfterFailures = value),
        [nameof(RecurringTaskOptions.StopHostAfterFailures)] = Whole(options => options.StopHostAfterFailures, (options, value) => options.StopHostAfterFailures = value),
        [nameof(RecurringTaskOptions.Timeout)] = Time(options => options.Timeout, (options, value) => options.Timeout = value),
        [nameof(RecurringTaskOptions.StuckAfter)] = Time(options => options.StuckAfter, (options, value) => options.StuckAfter = value),
        [nameof(RecurringTaskOptions.Resilience)] = Text(
            options => options.Resilience,
            (options, value) =>
                (options.Resilience, options.ResiliencePipeline, options.ConfigureResilience) = (value, null, null)),
        [nameof(RecurringTaskOptions.Lock)] = Text(options => options.Lock, (options, value) => options.Lock = value),
        [nameof(RecurringTaskOptions.WhenLockHeld)] = Named<LockHeld>(options => options.WhenLockHeld, (options, value) => options.WhenLockHeld = value),
        [nameof(RecurringTaskOptions.LockAtMostFor)] = Time(options => options.LockAtMostFor, (options, value) => options.LockAtMostFor = value),
        [nameof(RecurringTaskOptions.LockAtLeastFor)] = Time(options => options.LockAtLeastFor, (options, value) => options.LockAtLeastFor = value),
        [nameof(RecurringTaskOptions.RequireFencing)] = Bool(options => options.RequireFencing, (options, value) => options.RequireFencing = value),
        [nameof(RecurringTaskOptions.DrainFor)] = Time(options => options.DrainFor, (options, value) => options.DrainFor = value),
        [nameof(RecurringTaskOptions.Concurrency)] = Whole(options => options.Concurrency, (options, value) => options.Concurrency = value),
        [nameof(RecurringTaskOptions.Singleton)] = Bool(options => options.Singleton, (options, value) => options.Singleton = value),
        [nameof(RecurringTaskOptions.DedicatedThread)] = Bool(
            options => options.DedicatedThread, (options, value) => options.DedicatedThread = value),
        [nameof(RecurringTaskOptions.HistoryLength)] = Whole(options => options.HistoryLength, (options, value) => options.HistoryLength = value),
        [nameof(RecurringTaskOptions.SucceedWithin)] = Time(options => options.SucceedWithin, (options, value) => options.SucceedWithin = value),
    };

    public static bool Has(string setting) => All.ContainsKey(setting);

    public static bool IsSchedule(string setting) => Schedules.Contains(setting, StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the setting names a schedule, readable or not. <c>Continuously: false</c> names none.</summary>
    public static bool NamesSchedule(ConfiguredSetting setting) =>
        IsSchedule(setting.Name) && !setting.IsUnset
        && !bool.FalseString.Equals(setting.Value?.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>A schedule in configuration replaces the one in code.</summary>
    public static void ClearSchedule(RecurringTaskOptions options) =>
        (options.Every, options.Delay, options.Cron, options.Continuously, options.DelayPolicy, options.KeySchedules) =
            (null, null, null, false, null, null);

    /// <returns>What is wrong with the setting, as a sentence without its full stop; null when it was applied.</returns>
    public static string? Apply(RecurringTaskOptions options, ConfiguredSetting setting)
    {
        if (!All.TryGetValue(setting.Name, out var known))
            return SettingWords.Explain(setting, All.Keys);
        if (setting.Inner is { } inner)
            return $"{setting.Name} has settings of its own ({inner}). Write {known.Form}";
        if (!setting.IsUnset)
            return known.TrySet(options, setting.Value!.Trim()) ? null : $"{setting.Name} '{setting.Value}' is not {known.Form}";
        known.Reset(options);
        return null;
    }

    /// <summary>True when no setting differs, and neither do the code-only options that configuration can replace.</summary>
    public static bool AreSame(RecurringTaskOptions one, RecurringTaskOptions other) =>
        one.Zone == other.Zone && one.DisabledBy == other.DisabledBy
        && All.Values.All(setting => Equals(setting.Get(one), setting.Get(other)))
        && (one.DelayPolicy is null, one.ResiliencePipeline is null, one.ConfigureResilience is null)
            == (other.DelayPolicy is null, other.ResiliencePipeline is null, other.ConfigureResilience is null);

    // A bare number would be read as days, and so would the hours of 48:00:00 by anything but the exact format.
    private static Setting Time<T>(Func<RecurringTaskOptions, T> get, Action<RecurringTaskOptions, T> set) => Create(
        get,
        set,
        text => text.Contains(':') && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var value)
            ? value
            : null,
        "a duration such as 00:00:02.500 or 1.12:00:00");

    private static Setting Instant<T>(Func<RecurringTaskOptions, T> get, Action<RecurringTaskOptions, T> set) => Create(
        get,
        set,
        text => DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, InstantStyle, out var value)
            ? value
            : null,
        "an instant such as 2026-01-31T03:00:00Z");

    private static Setting Bool(Func<RecurringTaskOptions, bool> get, Action<RecurringTaskOptions, bool> set) =>
        Create(get, set, text => bool.TryParse(text, out var value) ? value : null, "true or false");

    private static Setting Whole<T>(Func<RecurringTaskOptions, T> get, Action<RecurringTaskOptions, T> set) =>
        Create(
            get, set, text => int.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null, "a whole number");

    private static Setting Long<T>(Func<RecurringTaskOptions, T> get, Action<RecurringTaskOptions, T> set) =>
        Create(
            get, set, text => long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null, "a whole number");

    private static Setting Number(Func<RecurringTaskOptions, double> get, Action<RecurringTaskOptions, double> set) => Create(
        get,
        set,
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
        "a number such as 1.5");

    private static Setting Text(Func<RecurringTaskOptions, string?> get, Action<RecurringTaskOptions, string?> set) =>
        Create(get, set, text => text, "a text");

    private static Setting Named<TEnum>(Func<RecurringTaskOptions, TEnum> get, Action<RecurringTaskOptions, TEnum> set)
        where TEnum : struct, Enum => Named<TEnum, TEnum>(get, set);

    // Enum.TryParse alone would add up several names, and take numbers.
    private static Setting Named<TEnum, T>(Func<RecurringTaskOptions, T> get, Action<RecurringTaskOptions, T> set)
        where TEnum : struct, Enum
    {
        var names = Enum.GetNames<TEnum>();
        return Create(
            get,
            set,
            text => names.Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<TEnum>(text, ignoreCase: true) : null,
            $"one of {string.Join(", ", names)}");
    }

    // For an option that may be null, T is nullable and the value read is not. A boxed value fits both.
    private static Setting Create<T>(
        Func<RecurringTaskOptions, T> get, Action<RecurringTaskOptions, T> set, Func<string, object?> read, string form) => new(
        options => get(options),
        (options, text) =>
        {
            if (read(text) is not { } value)
                return false;
            set(options, (T)value);
            return true;
        },
        options => set(options, get(Defaults)),
        form);
}
