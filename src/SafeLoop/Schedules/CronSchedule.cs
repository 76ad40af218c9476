using System.Globalization;

namespace SafeLoop;

/// <summary>
/// A cron schedule in a time zone. Computes when a task is due next. Immutable and pure, so any number of threads may share it.
/// </summary>
/// <remarks>
/// <para>
/// The expression is read by <see href="https://github.com/HangfireIO/Cronos">Cronos</see>: five fields (minute, hour, day of
/// month, month, day of week), or six with seconds first; names, ranges, steps and lists; <c>L</c>, <c>W</c>, <c>#</c> and
/// <c>?</c>; the macros <c>@every_second</c>, <c>@every_minute</c>, <c>@hourly</c>, <c>@daily</c>, <c>@midnight</c>,
/// <c>@weekly</c>, <c>@monthly</c>, <c>@yearly</c> and <c>@annually</c>. When day of month and day of week are both given, both
/// must match, unless a <see cref="CronDialect"/> says otherwise. In every dialect a list may hold a step of the whole field:
/// <c>*/5,59</c>. When the dialect matters and is not stated, or a step such as <c>*/7</c> of minutes does not divide its
/// range, <see cref="Warning"/> has a sentence.
/// </para>
/// <para>
/// Daylight saving follows <see cref="SkippedTime"/> and <see cref="RepeatedTime"/>, whose defaults are those of Vixie cron
/// and Cronos. Only UTC offsets of instants are used, never <see cref="TimeZoneInfo"/>'s answers about local times, which are
/// wrong on Linux for some zones (dotnet/runtime#120915).
/// </para>
/// <example>
/// Every day at three in the morning in Berlin, also across changes of the clock:
/// <code>
/// var nightly = CronSchedule.Parse("0 3 * * *", "Europe/Berlin");
/// DateTimeOffset? next = nightly.NextAfter(timeProvider.GetUtcNow());
/// </code>
/// </example>
/// </remarks>
public sealed class CronSchedule : IDelayPolicy, ISlotGrid
{
    // The finest resolution of an expression.
    private static readonly TimeSpan LeastStep = TimeSpan.FromSeconds(1);

    private readonly CronOccurrences _occurrences;
    private readonly CronDoubt? _doubt;
    private readonly string? _uneven;
    private readonly CronSchedule? _other;

    private CronSchedule(
        CronSyntax syntax, string zoneId, CronZone zone, SkippedTime skipped, RepeatedTime repeated, CronDialect? dialect)
    {
        var schedule = new LocalSchedule(syntax.Expressions);
        _occurrences = new CronOccurrences(schedule, zone, new DaylightRule(skipped, repeated, syntax.IsRhythm));
        NeverFires = schedule.AtOrAfter(0) == LocalSchedule.NoneAfter;
        (Expression, Zone, Skipped, Repeated, Dialect) = (syntax.Text, zoneId, skipped, repeated, dialect);
        (_doubt, _uneven) = (syntax.Doubt, syntax.Uneven);
        _other = _doubt?.Other is { } other ? new(other, zoneId, zone, skipped, repeated, dialect) : null;
    }

    /// <summary>The expression as written.</summary>
    public string Expression { get; }

    /// <summary>The id of the time zone as written; for <c>Local</c> the id of the machine's zone.</summary>
    /// <value>The default value is <c>UTC</c>.</value>
    public string Zone { get; }

    /// <summary>What the schedule does with local times that do not exist because the clock is set forward.</summary>
    /// <value>The default value is <see cref="SkippedTime.RunAfter"/>.</value>
    public SkippedTime Skipped { get; }

    /// <summary>What the schedule does with local times that occur twice because the clock is set back.</summary>
    /// <value>The default value is <see cref="RepeatedTime.Automatic"/>.</value>
    public RepeatedTime Repeated { get; }

    /// <summary>The scheduler for which the expression was written.</summary>
    /// <value>The default value is null: not stated. The expression is read as <see cref="CronDialect.Cronos"/>.</value>
    public CronDialect? Dialect { get; }

    /// <summary>Warns about an expression that is easily misread, and explains how to state which reading is meant.</summary>
    /// <remarks>
    /// Another scheduler reads the expression differently and the dialect is not stated, or a step such as <c>*/7</c> of minutes
    /// does not divide its range, so the last interval is shorter. A host logs it at start for each task with this schedule.
    /// </remarks>
    /// <value>Null when neither applies.</value>
    public string? Warning => Join(_doubt?.Sentence, _uneven);

    /// <summary>True when no date matches the expression, such as 30 February.</summary>
    internal bool NeverFires { get; }

    /// <summary>Reads a cron expression.</summary>
    /// <param name="expression">Five fields, six with seconds first, or a macro.</param>
    /// <param name="zone">
    /// The IANA or Windows id of the time zone of the fields; <c>Local</c> for the zone of the machine; <see langword="null"/>
    /// for UTC.
    /// </param>
    /// <param name="skipped">
    /// What to do with local times that do not exist because the clock is set forward. Default: run once when the gap ends.
    /// </param>
    /// <param name="repeated">What to do with local times that occur twice. Default: decided by the expression.</param>
    /// <param name="dialect">
    /// The scheduler for which the expression was written. Null: not stated; it is read as Cronos reads it.
    /// </param>
    /// <returns>The schedule. It may match no date at all; <see cref="NextAfter"/> is null then.</returns>
    /// <exception cref="FormatException">
    /// The expression cannot be read or the zone is unknown on this machine. The message names the field and the value. When
    /// both are wrong, it names both.
    /// </exception>
    /// <exception cref="ArgumentNullException"><paramref name="expression"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="skipped"/>, <paramref name="repeated"/> or <paramref name="dialect"/> is not one of the named values.
    /// </exception>
    public static CronSchedule Parse(
        string expression,
        string? zone = null,
        SkippedTime skipped = SkippedTime.RunAfter,
        RepeatedTime repeated = default,
        CronDialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)skipped, (uint)SkippedTime.Shift, nameof(skipped));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)repeated, (uint)RepeatedTime.Both, nameof(repeated));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (uint)dialect.GetValueOrDefault(), (uint)CronDialect.Quartz, nameof(dialect));

        var mistakes = new List<string>();
        return Read(expression, zone, skipped, repeated, dialect, mistakes)
            ?? throw new FormatException(string.Join(' ', mistakes));
    }

    /// <summary>The first occurrence after an instant.</summary>
    /// <param name="instant">Any instant; its own offset does not matter.</param>
    /// <returns>
    /// An instant later than <paramref name="instant"/>, always, with the zone's offset at that instant; <see langword="null"/>
    /// when there is none before the year 10000.
    /// </returns>
    public DateTimeOffset? NextAfter(DateTimeOffset instant) => OccurrenceAfter(instant)?.Instant;

    /// <summary>The last occurrence before an instant.</summary>
    /// <param name="instant">Any instant; its own offset does not matter.</param>
    /// <returns>
    /// An instant earlier than <paramref name="instant"/>, with the zone's offset at that instant; <see langword="null"/> when
    /// there is none.
    /// </returns>
    public DateTimeOffset? PreviousBefore(DateTimeOffset instant) =>
        NeverFires ? null : _occurrences.Before(instant.UtcTicks)?.Instant;

    /// <summary>The expression and its zone.</summary>
    /// <returns>For example <c>0 3 * * * (Europe/Berlin)</c>.</returns>
    public override string ToString() => $"{Expression} ({Zone})";

    DateTimeOffset? IDelayPolicy.Next(LoopHistory history, DateTimeOffset now) => Next(history.State).ToNullable();

    Instant ISchedule.Next(in LoopState state, Instant now) => Next(state);

    Instant ISlotGrid.AtOrAfter(Instant slot, Instant instant) => instant <= slot ? slot : SlotAfter(new(instant.UtcTicks - 1));

    Instant ISlotGrid.Before(Instant slot, Instant instant) => PreviousBefore(instant.ToDateTimeOffset()) ?? Instant.None;

    DueSlots ISlotGrid.Count(Instant first, Instant upTo)
    {
        var latest = Instant.Max(first, PreviousBefore(upTo.JustAfter.ToDateTimeOffset()) ?? Instant.None);
        return new(_occurrences.Count(first.UtcTicks, latest.UtcTicks), latest);
    }

    /// <summary>Reads an expression in a zone. When either cannot be read, returns null and adds a sentence about each.</summary>
    internal static CronSchedule? Read(
        string expression,
        string? zoneId,
        SkippedTime skipped,
        RepeatedTime repeated,
        CronDialect? dialect,
        ICollection<string> mistakes)
    {
        if (!CronSyntax.TryRead(expression, dialect, out var syntax, out var mistake))
            mistakes.Add(mistake);
        if (!CronZones.TryFind(zoneId, out var zone, out var unknown))
            mistakes.Add(unknown);
        return syntax is null || zone is null
            ? null
            : new CronSchedule(syntax, CronZones.IdOf(zoneId), zone, skipped, repeated, dialect);
    }

    /// <summary>The warning with the next occurrence in both readings.</summary>
    internal string? WarningAt(DateTimeOffset now) => Join(DoubtAt(now), _uneven);

    /// <summary>The part of the warning that is about another scheduler, with the next occurrence in both readings.</summary>
    internal string? DoubtAt(DateTimeOffset now) => _other is null ? _doubt?.Sentence : string.Create(
        CultureInfo.InvariantCulture,
        $"{_doubt!.Sentence} Next: {NextAfter(now):yyyy-MM-dd HH:mm zzz} as it is read, "
            + $"{_other.NextAfter(now):yyyy-MM-dd HH:mm zzz} in {_doubt.Scheduler}.");

    /// <summary>The first occurrence after an instant, with the effect of daylight saving on it.</summary>
    internal CronOccurrence? OccurrenceAfter(DateTimeOffset instant) =>
        !NeverFires && _occurrences.AtOrAfter(instant.UtcTicks + 1) is { } next
            ? next with { Instant = Forward(instant, next.Instant) }
            : null;

    /// <summary>The effect of daylight saving on a slot of this schedule.</summary>
    internal DaylightReason ReasonOf(DateTimeOffset slot) => OccurrenceAfter(slot.AddTicks(-1))?.Reason ?? DaylightReason.None;

    /// <summary>The time of this schedule that daylight saving keeps from being a slot at this instant; null: none.</summary>
    internal DroppedTime? DroppedAt(DateTimeOffset instant) => NeverFires ? null : _occurrences.DroppedAt(instant.UtcTicks);

    private static string? Join(string? one, string? other) => one is null || other is null ? one ?? other : $"{one} {other}";

    private Instant Next(in LoopState state) => SlotAfter(Instant.Max(state.Slot, state.From));

    private Instant SlotAfter(Instant instant) => NextAfter(instant.ToDateTimeOffset()) ?? Instant.Never;

    /// <summary>
    /// Guarantees that the next occurrence is later, whatever a zone database contains. Otherwise a loop that waits next - now
    /// would spin.
    /// </summary>
    internal static DateTimeOffset Forward(DateTimeOffset instant, DateTimeOffset next) =>
        next > instant ? next : instant + LeastStep;
}
