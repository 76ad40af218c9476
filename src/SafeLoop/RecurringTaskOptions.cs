using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Polly;

namespace SafeLoop;

/// <summary>The options of one recurring task. Code sets them first, then configuration.</summary>
/// <remarks>
/// <para>
/// Bound from the section <c>RecurringTasks:{name}</c>, which overrides code, and read again when the configuration reloads.
/// Durations are written <c>hh:mm:ss.fff</c> or <c>d.hh:mm:ss</c>. Not thread-safe; a loop works with a copy.
/// </para>
/// <para>
/// Exactly one of <see cref="Every"/>, <see cref="Delay"/>, <see cref="Cron"/>, <see cref="Continuously"/> and
/// <see cref="DelayPolicy"/> must be set. For a keyed task a verb with a schedule per key takes their place.
/// </para>
/// <para>
/// The highest layer of the configuration that names a schedule hides the schedules of lower layers and of code. It keeps
/// their <see cref="TimeZone"/> when the new schedule is a cron or times are excluded. A null or empty value restores the
/// default, over code too.
/// </para>
/// <para>
/// Options that belong together are groups: <c>"Lock": { "Name": "prices", "AtMostFor": "00:01:00" }</c>. Where one value is
/// obvious, it may stand for the group: <c>"Lock": "prices"</c>. A null group resets all of its options that code and lower
/// layers have set. Higher layers add to what is left.
/// </para>
/// </remarks>
public sealed class RecurringTaskOptions
{
    // Most tasks leave these null, and there may be many tasks. Frozen options share the default groups.
    private BackOffOptions? _backOff;
    private LockOptions? _lock;
    private MissedOptions? _missed;
    private OverlapOptions? _overlap;
    private DaylightSavingOptions? _daylightSaving;
    private FailureOptions? _failures;
    private List<Exclusion>? _exclusions;
    private List<Func<CancellationToken, ValueTask<bool>>>? _whileChecks;
    private List<Func<CancellationToken, ValueTask<bool>>>? _untilChecks;
    private List<Func<RecurringTaskFailure, ValueTask>>? _failureHandlers;

    /// <summary>False: the loop runs nothing and records its slots as skipped, until it is enabled.</summary>
    /// <value>
    /// The default is true. When <c>RecurringTasks:Enabled</c> is false, all tasks are disabled whatever is set here.
    /// </value>
    public bool Enabled
    {
        get;
        set
        {
            field = value;
            if (value)
                DisabledBy = null;
        }
    } = true;

    /// <summary>The setting that changed <see cref="Enabled"/> to false; null when the task's own options did.</summary>
    internal string? DisabledBy { get; set; }

    /// <summary>The reason as a sentence; null while the task is enabled.</summary>
    internal string? WhyDisabled => Enabled ? null : $"Disabled by {DisabledBy ?? $"the option {nameof(Enabled)}"}.";

    /// <summary>
    /// Fixed rate: the slots are the first slot + n × this period, independent of the duration of iterations.
    /// </summary>
    /// <remarks>
    /// Shorter: fresher results, more load. Use <see cref="Delay"/> instead when iterations may take as long as the period.
    /// </remarks>
    /// <value>At least 1 millisecond. The default is null: not used.</value>
    public TimeSpan? Every { get; set; }

    /// <summary>Fixed delay: the next slot is this long after the end of the last iteration.</summary>
    /// <remarks>Never overlaps and always leaves a pause, but drifts: the rate depends on the duration of iterations.</remarks>
    /// <value>At least 1 millisecond. The default is null: not used.</value>
    public TimeSpan? Delay { get; set; }

    /// <summary>A cron expression of 5 fields, 6 with seconds, or a macro such as <c>@daily</c>.</summary>
    /// <value>The default is null: not used.</value>
    public string? Cron { get; set; }

    /// <summary>The scheduler <see cref="Cron"/> is written for.</summary>
    /// <remarks>
    /// It matters when day of month and day of week are both restricted, and for the numbers of weekdays. When this is null and
    /// another scheduler would read the expression differently, the host logs a warning with both readings at start.
    /// </remarks>
    /// <value>The default is null: not stated, and read as <see cref="CronDialect.Cronos"/>.</value>
    public CronDialect? CronDialect { get; set; }

    /// <summary>
    /// The IANA or Windows id of the zone in which <see cref="Cron"/> and <see cref="Exclusions"/> are read. <c>Local</c> is
    /// the zone of the machine.
    /// </summary>
    /// <remarks>
    /// <c>Local</c> is resolved when the options take effect. The log, <see cref="UpcomingSlot.Zone"/> and
    /// <c>CronSchedule.Zone</c> show the resolved id.
    /// </remarks>
    /// <value>The default is null: the zone of the setting <c>RecurringTasks:TimeZone</c>, or UTC when that is not set.</value>
    public string? TimeZone { get; set; }

    /// <summary>The zone of the setting <c>RecurringTasks:TimeZone</c>; null when it is not set.</summary>
    internal string? DefaultTimeZone { get; set; }

    /// <summary>The zone in force; null: UTC, or the options need no zone.</summary>
    internal string? Zone => TimeZone ?? (NeedsZone ? DefaultTimeZone : null);

    /// <summary>True when an option depends on a zone.</summary>
    internal bool NeedsZone => Cron is not null || HasExclusions || KeySchedules is { IsCron: true };

    /// <summary>
    /// True: the next iteration starts when the last one has ended. After a failure or a skipped slot the loop waits one
    /// second.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Continuously { get; set; }

    /// <summary>A schedule of your own. Not bound from configuration.</summary>
    /// <value>The default is null: not used.</value>
    [JsonIgnore]
    public IDelayPolicy? DelayPolicy { get; set; }

    /// <summary>Selects the schedule of each key of a keyed task; null: all keys have one schedule.</summary>
    internal KeyScheduleSelector? KeySchedules { get; set; }

    /// <summary>
    /// Delays each start by a random time up to this maximum, drawn for each slot, and never past the next slot.
    /// </summary>
    /// <remarks>
    /// Longer: replicas and tasks with the same slots collide less. Shorter: starts are closer to their slots.
    /// </remarks>
    /// <value>The default is zero.</value>
    public TimeSpan Jitter { get; set; }

    /// <summary>
    /// True: shifts the phase by a stable share of the period, computed from the task's name (and the key of a keyed task), so
    /// that many tasks do not start together.
    /// </summary>
    /// <remarks>
    /// For a cron task, this delays the start, not the slot, by less than a minute. When the period changes, the phase is
    /// computed again: the first new slot comes within one period, at this task's phase.
    /// </remarks>
    /// <value>The default is false.</value>
    public bool Spread { get; set; }

    /// <summary>The minimum time from the loop's start to the first slot.</summary>
    /// <value>The default is zero.</value>
    public TimeSpan StartAfter { get; set; }

    /// <summary>The earliest slot, on the wall clock.</summary>
    /// <value>The default is null: no bound.</value>
    public DateTimeOffset? StartAt { get; set; }

    /// <summary>The latest slot, on the wall clock; after it the loop ends with <see cref="LoopEnd.Completed"/>.</summary>
    /// <value>The default is null: no bound.</value>
    public DateTimeOffset? EndAt { get; set; }

    /// <summary>
    /// True: scheduled slots wait until the application has started. False: they begin while the host is starting, before the
    /// <c>StartAsync</c> of any hosted service. Runs by hand never wait.
    /// </summary>
    /// <remarks>
    /// With true the server listens and other hosted services have started when the first iteration runs. Use false for work
    /// that others wait for, such as filling a cache.
    /// </remarks>
    /// <value>
    /// The default is true. Without an <c>IHostApplicationLifetime</c> the slots begin in the <c>StartAsync</c> of SafeLoop's
    /// own hosted service.
    /// </value>
    public bool AwaitApplicationStarted { get; set; } = true;

    /// <summary>True: runs once at the loop's start, in addition to the schedule. Intervals always start with a run.</summary>
    /// <value>The default is false.</value>
    public bool RunOnStart { get; set; }

    /// <summary>What happens to missed slots: slots that the loop noticed too late. Assign null for the defaults.</summary>
    [AllowNull]
    public MissedOptions Missed
    {
        get => _missed ??= new();
        set => _missed = value;
    }

    /// <summary>
    /// What happens to slots that come due while the previous iteration is running. Assign null for the defaults.
    /// </summary>
    [AllowNull]
    public OverlapOptions Overlap
    {
        get => _overlap ??= new();
        set => _overlap = value;
    }

    /// <summary>What a cron task does when clocks are set forward or back. Assign null for the defaults.</summary>
    [AllowNull]
    public DaylightSavingOptions DaylightSaving
    {
        get => _daylightSaving ??= new();
        set => _daylightSaving = value;
    }

    /// <summary>
    /// How late a slot may run that came due while no host was running. Each slot is claimed in the store before it runs.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Needs a store, and <see cref="Cron"/> or <see cref="Every"/>, whose slots are then the multiples of the period since 1970
    /// (with <see cref="Spread"/>, plus the phase of the task or key). So the slots are the same in every process, and the first
    /// one is not the start of the host.
    /// </para>
    /// <para>
    /// Slots that came due while no host was running are recorded as one <see cref="OutcomeReason.HostDown"/>.
    /// <see cref="Missed"/> decides which of them run, as far as they are not older than this window. An iteration whose host
    /// was lost is recorded as <see cref="OutcomeReason.HostLost"/>. With several replicas, one of them claims each slot.
    /// With a key per loop, all this holds for each key; a schedule per key is refused.
    /// </para>
    /// <para>
    /// Longer: more is caught up after an outage. Shorter: less late work. When the store is down at the claim, the iteration
    /// fails.
    /// </para>
    /// </remarks>
    /// <value>More than zero. The default is null: slots are not stored.</value>
    public TimeSpan? SurviveRestarts { get; set; }

    /// <summary>
    /// True: the hosts of a cluster share the loops, and each loop runs on one of them. It moves with its state when hosts come
    /// and go.
    /// </summary>
    /// <remarks>
    /// <para>
    /// It needs a cluster, such as <c>AddRecurringTaskCluster</c> of the package SafeLoop.Orleans: without one, a host with a
    /// task that sets it does not start. All hosts must set it alike, and it cannot be changed while they run.
    /// </para>
    /// <para>
    /// Because a loop may continue on another machine, all its times are on the wall clock, and the slots of <see cref="Every"/>
    /// are the multiples of the period since 1970 (with <see cref="Spread"/>, plus the phase of the task or key). A change of
    /// the wall clock therefore also moves intervals.
    /// </para>
    /// </remarks>
    /// <value>The default is false: every host runs its own loops.</value>
    public bool InCluster { get; set; }

    /// <summary>
    /// The name that the task had before it was renamed. Its state and history in the store are taken along to the new name.
    /// </summary>
    /// <remarks>
    /// It takes effect once: when a host starts and the store does not know the new name yet. Afterwards it may stay or be
    /// removed. Without a store it has no effect.
    /// </remarks>
    /// <value>A name that no task of the host has. The default is null: the task was not renamed.</value>
    public string? FormerName { get; set; }

    /// <summary>Ends the loop after this many iterations.</summary>
    /// <value>At least 1. The default is null: no limit.</value>
    public long? StopAfter { get; set; }

    /// <summary>How the cadence slows down while iterations fail. Assign null for the defaults: no back-off.</summary>
    [AllowNull]
    public BackOffOptions BackOff
    {
        get => _backOff ??= new();
        set => _backOff = value;
    }

    /// <summary>What happens after several failures in a row. Assign null for the defaults: nothing.</summary>
    [AllowNull]
    public FailureOptions Failures
    {
        get => _failures ??= new();
        set => _failures = value;
    }

    /// <summary>
    /// The time limit of an iteration, including the wait for its lock. When it has passed, the iteration's token is cancelled
    /// and the outcome is <see cref="IterationOutcome.TimedOut"/>.
    /// </summary>
    /// <remarks>
    /// Longer: slow work can finish. Shorter: a hanging dependency is noticed sooner. Without a limit, an iteration is reported
    /// as long-running after one hour or one period, whichever is longer: a log line, the metric <c>safeloop.faults</c>, and
    /// degraded health.
    /// </remarks>
    /// <value>
    /// At least 1 millisecond, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no limit and no report. The default
    /// is null: no limit, but long iterations are reported.
    /// </value>
    public TimeSpan? Timeout { get; set; }

    /// <summary>The time in which a cancelled iteration must end before it is reported as stuck.</summary>
    /// <value>At least 1 millisecond. The default is 10 seconds.</value>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The name of a resilience pipeline (<c>AddResiliencePipeline(name, …)</c>) that wraps the steps.</summary>
    /// <remarks>All keys of a keyed task share it, with the state of its circuit breakers and rate limiters.</remarks>
    /// <value>The default is null: none.</value>
    public string? Resilience { get; set; }

    /// <summary>A resilience pipeline that wraps the steps. Not bound from configuration.</summary>
    /// <inheritdoc cref="Resilience" path="/remarks"/>
    /// <value>The default is null: none.</value>
    [JsonIgnore]
    public ResiliencePipeline? ResiliencePipeline { get; set; }

    /// <summary>
    /// Configures a resilience pipeline that wraps the steps, built with the application's clock. Not bound from configuration.
    /// </summary>
    /// <inheritdoc cref="Resilience" path="/remarks"/>
    /// <value>The default is null: none.</value>
    [JsonIgnore]
    public Action<ResiliencePipelineBuilder>? ConfigureResilience { get; set; }

    /// <summary>The lock under which each iteration runs. Assign null for the defaults: no lock.</summary>
    [AllowNull]
    public LockOptions Lock
    {
        get => _lock ??= new();
        set => _lock = value;
    }

    /// <summary>
    /// When the loop stops, the running iteration may continue for this long before its token is cancelled, but not beyond the
    /// host's shutdown limit.
    /// </summary>
    /// <value>The default is zero: cancelled at once.</value>
    public TimeSpan DrainFor { get; set; }

    /// <summary>
    /// The maximum number of loops of a keyed task that run at the same time. Other loops wait in the order in which they came
    /// due. For keyed tasks only.
    /// </summary>
    /// <remarks>
    /// More: the work is done sooner. Fewer: less load on dependencies. The limit applies to all keys, including those with a
    /// handle from <c>Find</c>, and to runs by hand. A step must not await a run of another key, which may never start.
    /// </remarks>
    /// <value>At least 1. The default is null: no limit.</value>
    public int? Concurrency { get; set; }

    /// <summary>
    /// True: the task and its dependencies are resolved once, from the application's services, and an iteration allocates
    /// nothing. False: every iteration has its own scope.
    /// </summary>
    /// <remarks>With true, a scoped dependency at any depth is a start-up problem.</remarks>
    /// <value>The default is false.</value>
    public bool Singleton { get; set; }

    /// <summary>
    /// True: iterations begin on a thread of the loop. For steps that block their thread instead of awaiting.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A step that blocks a thread of the pool makes other loops and the rest of the application wait for a thread. The loop's
    /// thread starts with the first iteration and waits between iterations. It ends with the loop, or after 30 idle seconds.
    /// </para>
    /// <para>
    /// Checks, the lock, constructors and steps run on it until the first <c>await</c> that does not complete at once. The rest
    /// of the iteration runs in the thread pool, as in any asynchronous code. Parallel iterations
    /// (<see cref="SafeLoop.Overlap.Allow"/>) have a thread each. A keyed task with this option is a start-up problem, because
    /// it would start a thread per key. In virtual time the option has no effect.
    /// </para>
    /// </remarks>
    /// <value>The default is false: the thread pool.</value>
    public bool DedicatedThread { get; set; }

    /// <summary>The number of the latest records that are kept in memory.</summary>
    /// <value>1 to 10,000. The default is 64.</value>
    public int HistoryLength { get; set; } = 64;

    /// <summary>
    /// The task is unhealthy when its last success, or its start when it never succeeded, is longer ago than this. Not checked
    /// while the task is disabled, paused by hand, or has ended as planned.
    /// </summary>
    /// <value>The default is null: not checked.</value>
    public TimeSpan? SucceedWithin { get; set; }

    /// <summary>
    /// The URL of a monitoring service such as healthchecks.io, which alerts when the task ceases to report: a dead process
    /// cannot report itself. Each iteration sends a GET request to the URL, with <c>/start</c> behind its path when it starts,
    /// with <c>/fail</c> when it failed or timed out, and with neither when it succeeded.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Skipped slots and interrupted iterations send nothing. A ping never delays or fails an iteration. It has 10 seconds.
    /// While one is under way, the newest outcome waits. What has just been said is not repeated within 30 seconds. An iteration
    /// that ends before its start was sent sends its outcome only.
    /// </para>
    /// <para>
    /// When pings do not arrive, that is a fault (<see cref="FaultKind.PingFailed"/>) once, and the metric
    /// <c>safeloop.pings</c> counts them. The URL is a secret: logs contain its host only. For ordinary tasks only, because one
    /// URL cannot say which key failed.
    /// </para>
    /// </remarks>
    /// <value>An absolute http or https URL. The default is null: no pings.</value>
    public string? PingAfter { get; set; }

    /// <summary>Times at which the task has no slots. Not bound from configuration.</summary>
    /// <remarks>Excluded times have no slots, so nothing is recorded for them. See <see cref="Exclusion"/>.</remarks>
    [JsonIgnore]
    public IList<Exclusion> Exclusions => _exclusions ??= [];

    internal bool HasExclusions => _exclusions is { Count: > 0 };

    /// <summary>
    /// Checks before each iteration. When one returns false, the loop ends with <see cref="LoopEnd.ConditionMet"/>. Not bound
    /// from configuration.
    /// </summary>
    [JsonIgnore]
    public IList<Func<CancellationToken, ValueTask<bool>>> WhileChecks => _whileChecks ??= [];

    internal bool HasWhileChecks => _whileChecks is { Count: > 0 };

    /// <summary>
    /// Checks after each iteration. When one returns true, the loop ends with <see cref="LoopEnd.ConditionMet"/>. Not bound
    /// from configuration.
    /// </summary>
    [JsonIgnore]
    public IList<Func<CancellationToken, ValueTask<bool>>> UntilChecks => _untilChecks ??= [];

    internal bool HasUntilChecks => _untilChecks is { Count: > 0 };

    /// <summary>Called after each iteration that failed or timed out. Not bound from configuration.</summary>
    [JsonIgnore]
    public IList<Func<RecurringTaskFailure, ValueTask>> FailureHandlers => _failureHandlers ??= [];

    internal bool HasFailureHandlers => _failureHandlers is { Count: > 0 };

    /// <summary>True when the options set one schedule for all keys.</summary>
    internal bool HasSchedule =>
        Every is not null || Delay is not null || Cron is not null || Continuously || DelayPolicy is not null;

    /// <summary>True when the slots of <see cref="Every"/> are the same on all machines.</summary>
    internal bool HasCommonGrid => InCluster || SurviveRestarts is not null;

    /// <summary>True when the options determine the phase of the slots.</summary>
    internal bool IsAnchored => Spread || StartAt is not null;

    /// <summary>True when both have the same schedule. What happens after failures is not compared.</summary>
    internal bool HasScheduleOf(RecurringTaskOptions other) =>
        (Every, Delay, Cron, CronDialect, Zone, Continuously, Spread)
            == (other.Every, other.Delay, other.Cron, other.CronDialect, other.Zone, other.Continuously, other.Spread)
        && (StartAfter, StartAt, RunOnStart) == (other.StartAfter, other.StartAt, other.RunOnStart)
        && (SurviveRestarts is null, InCluster) == (other.SurviveRestarts is null, other.InCluster)
        && (DaylightSaving, DelayPolicy, KeySchedules) == (other.DaylightSaving, other.DelayPolicy, other.KeySchedules)
        && (HasExclusions, other.HasExclusions) switch
        {
            (false, false) => true,
            (true, true) => Exclusions.SequenceEqual(other.Exclusions),
            _ => false,
        };

    /// <summary>The schedule in words. It is compared with what is stored, so its form must not change.</summary>
    internal string ScheduleText => string.Create(CultureInfo.InvariantCulture,
        $"{(Cron ?? (Every ?? Delay)?.ToString("c") ?? ScheduleNames.FirstOrDefault())}")
        + (Zone is { } zone ? $" {zone}" : "") + (Spread ? " spread" : "");

    /// <summary>True when both plan the same slots and the same delays.</summary>
    internal bool IsPlannedLike(RecurringTaskOptions other) =>
        HasScheduleOf(other) && (Jitter, EndAt, BackOff) == (other.Jitter, other.EndAt, other.BackOff);

    /// <summary>Where they come from; null: the configuration sets none of them.</summary>
    internal OptionOrigins? Origins { get; set; }

    /// <summary>The settings in configuration that are invalid, as sentences.</summary>
    internal IReadOnlyList<string> Unreadable { get; set; } = [];

    /// <summary>The schedule that a null in configuration resets, when that leaves no schedule; null otherwise.</summary>
    internal string? UnsetSchedule { get; set; }

    /// <summary>The schedules that are set. Valid options have one.</summary>
    internal string[] ScheduleNames =>
    [
        .. new (string Name, bool IsSet)[]
        {
            (nameof(Every), Every is not null),
            (nameof(Delay), Delay is not null),
            (nameof(Cron), Cron is not null),
            (nameof(Continuously), Continuously),
            (nameof(DelayPolicy), DelayPolicy is not null),
            (KeySchedules?.Verb ?? "", KeySchedules is not null),
        }.Where(schedule => schedule.IsSet).Select(schedule => schedule.Name),
    ];

    /// <summary>The schedule of the original options when these are a copy; null otherwise.</summary>
    internal string? CopiedSchedule { get; private set; }

    /// <summary>Creates a copy with the schedule of a key. The copy shares the lists, which definitions never change.</summary>
    internal RecurringTaskOptions With(in KeySchedule schedule)
    {
        var options = WithoutKeySchedules();
        (options.Every, options.Cron, options.TimeZone) = (schedule.Every, schedule.Cron, schedule.TimeZone ?? TimeZone);
        return options;
    }

    /// <summary>Creates a copy for an iteration that only fails, without lock, scope and exclusions.</summary>
    internal RecurringTaskOptions ForFailing()
    {
        var options = (RecurringTaskOptions)MemberwiseClone();
        (options._exclusions, options._lock, options.Singleton) = (null, LockOptions.Default, true);
        return options;
    }

    internal RecurringTaskOptions WithoutKeySchedules()
    {
        var options = (RecurringTaskOptions)MemberwiseClone();
        options.KeySchedules = null;
        return options;
    }

    /// <summary>
    /// Replaces default groups by shared instances, so that they cost no memory. These options must not change afterwards;
    /// callers that change options use a <see cref="Copy"/>.
    /// </summary>
    internal RecurringTaskOptions Freeze()
    {
        _backOff = Share(_backOff, BackOffOptions.Default);
        _lock = Share(_lock, LockOptions.Default);
        _missed = Share(_missed, MissedOptions.Default);
        _overlap = Share(_overlap, OverlapOptions.Default);
        _daylightSaving = Share(_daylightSaving, DaylightSavingOptions.Default);
        _failures = Share(_failures, FailureOptions.Default);
        return this;
    }

    internal RecurringTaskOptions Copy()
    {
        var copy = (RecurringTaskOptions)MemberwiseClone();
        copy._backOff = _backOff is null ? null : _backOff with { };
        copy._lock = _lock is null ? null : _lock with { };
        copy._missed = _missed is null ? null : _missed with { };
        copy._overlap = _overlap is null ? null : _overlap with { };
        copy._daylightSaving = _daylightSaving is null ? null : _daylightSaving with { };
        copy._failures = _failures is null ? null : _failures with { };
        copy._exclusions = HasExclusions ? [.. Exclusions] : null;
        copy._whileChecks = HasWhileChecks ? [.. WhileChecks] : null;
        copy._untilChecks = HasUntilChecks ? [.. UntilChecks] : null;
        copy._failureHandlers = HasFailureHandlers ? [.. FailureHandlers] : null;
        copy.CopiedSchedule = ScheduleNames is [var schedule] ? schedule : CopiedSchedule;
        return copy;
    }

    private static TGroup Share<TGroup>(TGroup? own, TGroup shared)
        where TGroup : class => own is null || own.Equals(shared) ? shared : own;
}
