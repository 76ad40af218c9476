namespace SafeLoop.Tests.History.Oracle;

/// <summary>The local minute of each minute of UTC in one zone, by brute force.</summary>
internal sealed class LocalCalendar
{
    public const int Days = 430, Before = 3;

    public static readonly DateTimeOffset Base = LoopHost.Start.AddDays(-Before);

    private static readonly Dictionary<string, LocalCalendar> All = [];

    private LocalCalendar(string zone)
    {
        Zone = TimeZoneInfo.FindSystemTimeZoneById(zone);
        for (var minute = 0; minute < Local.Length; minute++)
        {
            var local = TimeZoneInfo.ConvertTime(At(minute), Zone);
            Local[minute] = (int)((local.DateTime - Base.DateTime).TotalMinutes);
            if (minute > 0 && Local[minute] != Local[minute - 1] + 1)
                Changes.Add(minute);
        }
    }

    /// <summary>The minutes at which the clock is set.</summary>
    public List<int> Changes { get; } = [];

    public TimeZoneInfo Zone { get; }

    /// <summary>By the minute since <see cref="Base"/>: the local time, in minutes since the same date and time of day.</summary>
    public int[] Local { get; } = new int[Days * 24 * 60];

    public static LocalCalendar Of(string zone)
    {
        lock (All)
            return All.TryGetValue(zone, out var known) ? known : All[zone] = new(zone);
    }

    public static DateTimeOffset At(int minute) => Base.AddMinutes(minute);

    /// <summary>The minute of an instant; null when it is none.</summary>
    public static int? MinuteOf(DateTimeOffset instant) =>
        (instant - Base).Ticks is >= 0 and var ticks && ticks % TimeSpan.TicksPerMinute == 0
            && ticks / TimeSpan.TicksPerMinute < Days * 24 * 60
            ? (int)(ticks / TimeSpan.TicksPerMinute)
            : null;

    public static DateTime Wall(int local) => Base.DateTime.AddMinutes(local);
}
