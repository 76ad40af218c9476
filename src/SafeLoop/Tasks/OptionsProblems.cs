using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>
/// Everything that is wrong with the options of one task, each as a sentence: the task, the setting, the value, what to change.
/// </summary>
internal sealed class OptionsProblems(string task, RecurringTaskOptions options, DateTimeOffset now)
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ShortestLease = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(365);

    /// <summary>Names of settings for all tasks. They share the section with the tasks, so no task can have them.</summary>
    public static readonly string[] ReservedNames = [nameof(RecurringTaskOptions.Enabled), nameof(RecurringTaskOptions.TimeZone)];

    private readonly List<string> _problems = [];

    public IReadOnlyList<string> All => _problems;

    /// <summary>A problem as a sentence.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="problem">The problem, with or without its full stop.</param>
    public static string Sentence(string task, string problem) => $"Recurring task '{task}': {DidYouMean.End(problem)}";

    public void Add(string problem) => _problems.Add(Sentence(task, problem));

    private void AddSentence(string sentence) => _problems.Add($"Recurring task '{task}': {sentence}");

    public void CheckName()
    {
        if (ReservedNames.Contains(task, StringComparer.OrdinalIgnoreCase))
            Add($"its name is reserved: RecurringTasks:{task} is a setting for all tasks. Give it another name");
        CheckPrintable("its name", task);
        if (options.FormerName is not { } former)
            return;
        if (string.IsNullOrWhiteSpace(former))
            Add("FormerName is empty. Set it to the name that the task had before, or to null");
        else if (task.Equals(former, StringComparison.OrdinalIgnoreCase))
            Add($"FormerName '{former}' is its present name; capitals do not matter. Remove it");
        else
            CheckPrintable("FormerName", former);
    }

    /// <summary>
    /// Refuses names that could forge a log line: they are written unchanged in logs, health, metrics and traces.
    /// </summary>
    /// <param name="what">What is named, for the sentence.</param>
    /// <param name="name">The name.</param>
    public void CheckPrintable(string what, string name)
    {
        if (Printable.FirstEscapeIn(name) is { } character)
            Add($"{what} contains {character}, which is not a printable character. Remove it");
        if (name.Length > Printable.LongestName)
            Add($"{what} has {name.Length} characters. Use at most {Printable.LongestName}");
    }

    /// <summary>The one schedule of the options; null when there is none, or when it cannot be used.</summary>
    public ISchedule? FindSchedule()
    {
        var schedules = options.ScheduleNames;
        foreach (var mistake in options.Unreadable)
            Add(mistake);
        CheckNulls();
        if (schedules.Length == 0 && options.Unreadable.Count == 0) // else the schedule is most likely what could not be read
            Add(NoSchedule);
        else if (schedules.Length > 1)
            Add($"it has {schedules.Length} schedules ({string.Join(", ", schedules)}). Keep one{HowToKeepOne(schedules)}");
        if (options.TimeZone is not null && !options.NeedsZone)
            Add($"TimeZone '{options.TimeZone}' has no effect without Cron or Except. Remove it, or set Cron");

        // All are checked, so that a mistake in one does not hide a mistake in another.
        var found = Schedules().ToArray();
        return CanReadExclusions() && found is [{ } schedule] ? WithSlots(schedule) : found.FirstOrDefault();
    }

    // Options that were changed at run time are a copy of valid ones, so one of the schedules is the old one.
    private string HowToKeepOne(string[] schedules) => options.CopiedSchedule is not { } old || !schedules.Contains(old)
        ? ", or register a task for each and put them under one lock with WithLock"
        : $": set {old} to {(old == nameof(options.Continuously) ? "false" : "null")} in the same change";

    private string NoSchedule => options.UnsetSchedule is { } unset
        ? $"it has no schedule: RecurringTasks:{task}:{unset} is null or empty in the configuration, "
            + $"which removes {unset} of lower layers and of code. Remove that setting or give it a value. "
            + $"To disable the task, set RecurringTasks:{task}:{nameof(options.Enabled)} to false"
        : "it has no schedule. Call Every, WithDelay, Cron, Continuously or DelayBy, or set one of them in its configuration";

    public void CheckLimits()
    {
        AtLeast(options.Jitter, TimeSpan.Zero);
        AtLeast(options.StartAfter, TimeSpan.Zero);
        if (options.StartAt > options.EndAt)
            Add($"EndAt ({options.EndAt:O}) is before StartAt ({options.StartAt:O}). Set EndAt to a later time");

        AtLeast(options.Missed.Window, TimeSpan.Zero);
        AtLeastOne(options.Missed.Max);
        AtLeastOne(options.Overlap.Max);
        Known(options.Missed.Policy);
        Known(options.Overlap.Policy);

        CheckSurvival();

        AtLeastOne(options.Concurrency);
        AtLeastOne(options.StopAfter);
        AtLeastOne(options.Failures.PauseAfter);
        AtLeastOne(options.Failures.StopAfter);
        AtLeastOne(options.Failures.StopHostAfter);
        CheckBackOff();

        if (options.Timeout != Timeout.InfiniteTimeSpan)
            AtLeast(options.Timeout, Millisecond);
        AtLeast(options.StuckAfter, Millisecond);
        AtLeast(options.DrainFor, TimeSpan.Zero);
        AtLeast(options.SucceedWithin, Millisecond);
        // The value is a secret, so the sentence leaves it out.
        if (options.PingAfter is { } address && Ping.OriginOf(address) is null)
            Add("PingAfter is no absolute http or https URL. Set it to the URL that the monitoring service has given you");
        CheckLock();
        if (options.HistoryLength is < 1 or > 10_000)
            Add($"HistoryLength is {options.HistoryLength}. Set it to a number from 1 to 10,000");
    }

    private IEnumerable<ISchedule?> Schedules()
    {
        if (options.Every is { } period)
            yield return AtLeast(options.Every, Millisecond) ? IntervalOf(period) : null;
        if (options.Delay is { } delay)
            yield return AtLeast(options.Delay, Millisecond) ? new FixedDelay(delay, options.Spread) : null;
        if (options.Cron is { } expression)
            yield return FindCron(expression, options.CronDialect);
        if (options.Continuously)
            yield return new Continuous();
        if (options.DelayPolicy is { } policy)
            yield return policy is CronSchedule cron ? Firing(cron) : new UserPolicy(policy);
        if (options.KeySchedules?.Retry is { } retry)
        {
            yield return retry.Cron is { } minute
                ? FindCron(minute, null)
                : new FixedRate(retry.Every!.Value, options.IsAnchored);
        }
    }

    private ISchedule IntervalOf(TimeSpan period) =>
        options.HasCommonGrid ? new CommonGrid(period) : new FixedRate(period, options.IsAnchored);

    private CronSchedule? FindCron(string expression, CronDialect? dialect)
    {
        var mistakes = new List<string>();
        var daylight = options.DaylightSaving;
        var cron = CronSchedule.Read(expression, options.Zone, daylight.Skipped, daylight.Repeated, dialect, mistakes);
        foreach (var mistake in mistakes)
            AddMistake("", mistake);
        var isKnown = Known(options.DaylightSaving.Skipped) & Known(options.DaylightSaving.Repeated)
            & Known(options.CronDialect.GetValueOrDefault(), nameof(options.CronDialect));
        return isKnown && cron is not null ? Firing(cron) : null;
    }

    private void AddMistake(string where, string mistake) =>
        AddSentence(IsOfDefaultZone(mistake) ? $"RecurringTasks:TimeZone: {mistake}" : $"{where}{mistake}");

    private bool IsOfDefaultZone(string mistake) =>
        options.TimeZone is null && !CronZones.TryFind(options.Zone, out _, out var unknown) && mistake == unknown;

    private CronSchedule? Firing(CronSchedule cron)
    {
        if (!cron.NeverFires && cron.NextAfter(now) is not null)
            return cron;
        Add($"Cron expression '{cron.Expression}' never fires. Change it to one that names a date to come");
        return null;
    }

    private void CheckNulls()
    {
        RefuseNull(nameof(options.Exclusions), options.HasExclusions && options.Exclusions.Contains(null!));
        RefuseNull(nameof(options.WhileChecks), options.HasWhileChecks && options.WhileChecks.Contains(null!));
        RefuseNull(nameof(options.UntilChecks), options.HasUntilChecks && options.UntilChecks.Contains(null!));
        RefuseNull(nameof(options.FailureHandlers), options.HasFailureHandlers && options.FailureHandlers.Contains(null!));
    }

    private void RefuseNull(string list, bool hasOne)
    {
        if (hasOne)
            Add($"{list} contains null. Remove it");
    }

    private bool CanReadExclusions()
    {
        if (!options.HasExclusions)
            return true;
        var mistakes = new List<string>();
        _ = new ExcludedTimes(options, mistakes);
        foreach (var mistake in mistakes.Where(mistake => !IsReported(mistake))) // Cron may have reported the same unknown zone
            AddMistake("Except: ", mistake);
        return mistakes.Count == 0 && !options.Exclusions.Contains(null!);
    }

    private bool IsReported(string mistake) => _problems.Any(problem => problem.EndsWith(mistake, StringComparison.Ordinal));

    // A user's policy or a schedule per key cannot be checked ahead.
    private ISchedule WithSlots(ISchedule schedule)
    {
        if (options.HasExclusions && schedule is not UserPolicy && options.KeySchedules is null && !HasSlots(schedule))
            Add("Except leaves it no slot. Exclude less, or change the schedule");
        return schedule;
    }

    private bool HasSlots(ISchedule schedule)
    {
        var rules = new SlotRules(options, schedule);
        var phase = options.Spread ? StableHash.Share(task) : 0;
        var from = rules.PlannedFrom(now, options.StartAt is { } start ? start : null, phase);
        var first = options.RunOnStart ? from : rules.CallSchedule(new LoopState { From = from }, now);
        return !rules.Allowed(first, onGrid: !options.RunOnStart, TimeSpan.Zero).IsNever;
    }

    private void CheckBackOff()
    {
        var backOff = options.BackOff;
        AtLeast(options.BackOff.Initial, Millisecond);
        if (backOff.Initial is null)
            AtLeast(options.BackOff.Max, Millisecond);
        if (backOff.Max < backOff.Initial)
            Add($"BackOff:Max ({backOff.Max}) is shorter than BackOff:Initial ({backOff.Initial}). Raise BackOff:Max");
        if (backOff.Factor is not (>= 1 and < double.PositiveInfinity))
            Add($"BackOff:Factor is {backOff.Factor}. Set it to a number of at least 1");
        if (backOff.Jitter is not (>= 0 and <= 1))
            Add($"BackOff:Jitter is {backOff.Jitter}. Set it to a number from 0 to 1");
    }

    private void CheckLock()
    {
        Known(options.Lock.WhenHeld);
        AtLeast(options.Lock.AtMostFor, ShortestLease);
        AtLeast(options.Lock.AtLeastFor, TimeSpan.Zero);
        var (atMostFor, atLeastFor) = (options.Lock.AtMostFor, options.Lock.AtLeastFor);
        if (atMostFor > LongestLease || atLeastFor > LongestLease)
        {
            Add($"Lock:AtMostFor ({atMostFor}) or Lock:AtLeastFor ({atLeastFor}) is longer than {LongestLease.Days:N0} days. "
                + "Lower it");
        }
        if (atLeastFor > atMostFor)
        {
            Add($"Lock:AtLeastFor ({atLeastFor}) is longer than Lock:AtMostFor ({atMostFor}), "
                + "so the lease would expire before that time. Lower Lock:AtLeastFor");
        }
        if (options.Lock.Name is not { } name)
            CheckNoLock(options.Lock);
        else if (string.IsNullOrWhiteSpace(name))
            Add("Lock:Name is empty. Give the lock a name");
        else if (LockNames.MistakeIn(name) is { } mistake)
            Add($"Lock:Name '{Printable.Escape(name, LockNames.MostShown)}' {mistake}");
    }

    private void CheckNoLock(LockOptions unnamed)
    {
        const string ToDo = "Call WithLock(name, …), or set Lock:Name";
        if (unnamed.AtMostFor is not null || unnamed.AtLeastFor > TimeSpan.Zero)
            Add($"Lock:AtMostFor and Lock:AtLeastFor have no effect without Lock:Name. {ToDo}");
        if (unnamed.WhenHeld is LockHeld.Wait or LockHeld.Stop)
            Add($"Lock:WhenHeld '{unnamed.WhenHeld}' has no effect without Lock:Name. {ToDo}");
        if (unnamed.RequireFencing)
            Add($"Lock:RequireFencing has no effect without Lock:Name. {ToDo}");
    }

    private bool AtLeast(TimeSpan? value, TimeSpan least, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (value is null || value >= least)
            return true;
        var limit = least == TimeSpan.Zero ? "zero" : $"{least.Milliseconds} ms";
        Add($"{SettingName.From(option)} is {value}. Set it to at least {limit}");
        return false;
    }

    private void CheckSurvival()
    {
        if (options.SurviveRestarts is not { } window)
            return;
        AtLeast(options.SurviveRestarts, Millisecond);
        if (options.InCluster)
        {
            Add($"SurviveRestarts ({window}) claims each slot in the store, and InCluster needs no claims: each loop runs on one "
                + "host and goes on elsewhere when that host is gone. Remove one of them");
        }
        if (options.Overlap.Policy is Overlap.Allow)
        {
            Add($"SurviveRestarts ({window}) claims one slot after the other, and Overlap.Allow runs them in parallel. "
                + "Choose another overlap policy, or remove SurviveRestarts");
        }
        if (options.Every is { Ticks: var ticks } period && ticks % TimeSpan.TicksPerMicrosecond != 0)
        {
            Add($"Every ({period}) is no whole number of microseconds, which a store cannot keep. "
                + "Round it, or remove SurviveRestarts");
        }
        if (options.ScheduleNames is [var schedule] && schedule is not (nameof(options.Every) or nameof(options.Cron))
            && options.DelayPolicy is not CronSchedule)
        {
            Add($"SurviveRestarts ({window}) needs slots that are known without its iterations, and {schedule} has none. "
                + "Use Every or Cron, or remove SurviveRestarts: with a store, pause, counts and back-off are kept anyway");
        }
    }

    private void AtLeastOne(long? value, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (value < 1)
            Add($"{SettingName.From(option)} is {value}. Set it to at least 1");
    }

    private bool Known<TEnum>(TEnum value, [CallerArgumentExpression(nameof(value))] string option = "")
        where TEnum : struct, Enum
    {
        if (Enum.IsDefined(value))
            return true;
        Add($"{SettingName.From(option)} '{value}' is none of {string.Join(", ", Enum.GetNames<TEnum>())}. Choose one");
        return false;
    }
}
