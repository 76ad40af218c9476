namespace SafeLoop;

/// <summary>Arithmetic that stops at the end of time instead of throwing: a slot past the year 9999 is no slot.</summary>
internal static class Instants
{
    public static DateTimeOffset? Add(DateTimeOffset instant, TimeSpan span, long times = 1)
    {
        var room = DateTimeOffset.MaxValue.UtcTicks - instant.UtcTicks;
        return span.Ticks > 0 && times > room / span.Ticks ? null : new DateTimeOffset(instant.UtcTicks + (span.Ticks * times), TimeSpan.Zero);
    }

    public static DateTimeOffset JustAfter(DateTimeOffset instant) =>
        instant == DateTimeOffset.MaxValue ? instant : instant.AddTicks(1);

    public static DateTimeOffset Max(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
