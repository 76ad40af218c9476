namespace SafeLoop;

/// <summary>
/// An instant in UTC, in 8 bytes. Arithmetic saturates at <see cref="Never"/>, which means that there is no such instant.
/// </summary>
internal readonly record struct Instant(long UtcTicks)
{
    /// <summary>The default value, before all others. It means that an event has not happened yet.</summary>
    public static Instant None => default;

    /// <summary>The latest value. It means that an event never happens.</summary>
    public static Instant Never { get; } = new(DateTimeOffset.MaxValue.UtcTicks);

    public bool IsNone => UtcTicks == 0;

    public bool IsNever => UtcTicks >= Never.UtcTicks;

    /// <summary>The next instant, one tick of 100 ns later.</summary>
    public Instant JustAfter => IsNever ? this : new(UtcTicks + 1);

    public static implicit operator Instant(DateTimeOffset instant) => new(instant.UtcTicks);

    public static bool operator <(Instant one, Instant other) => one.UtcTicks < other.UtcTicks;

    public static bool operator >(Instant one, Instant other) => one.UtcTicks > other.UtcTicks;

    public static bool operator <=(Instant one, Instant other) => one.UtcTicks <= other.UtcTicks;

    public static bool operator >=(Instant one, Instant other) => one.UtcTicks >= other.UtcTicks;

    public static TimeSpan operator -(Instant later, Instant sooner) => new(later.UtcTicks - sooner.UtcTicks);

    public static Instant operator +(Instant instant, TimeSpan span) =>
        span.Ticks >= Never.UtcTicks - instant.UtcTicks ? Never : new(Math.Max(0, instant.UtcTicks + span.Ticks));

    public static Instant operator -(Instant instant, TimeSpan span) => instant + -span;

    public static Instant Max(Instant one, Instant other) => one > other ? one : other;

    public static Instant Min(Instant one, Instant other) => one < other ? one : other;

    /// <summary>Adds a span several times.</summary>
    public Instant After(TimeSpan span, long times) =>
        span.Ticks > 0 && times > (Never.UtcTicks - UtcTicks) / span.Ticks ? Never : this + new TimeSpan(span.Ticks * times);

    public DateTimeOffset ToDateTimeOffset() => new(UtcTicks, TimeSpan.Zero);

    /// <summary>Converts to a public value; null for <see cref="None"/> and <see cref="Never"/>.</summary>
    public DateTimeOffset? ToNullable() => IsNone || IsNever ? null : ToDateTimeOffset();

    public override string ToString() => ToDateTimeOffset().ToString("O");
}
