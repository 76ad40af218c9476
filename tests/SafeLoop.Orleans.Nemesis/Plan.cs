using System.Globalization;

namespace ClusterNemesis;

/// <summary>The tasks all silos share, and the lengths everything is measured by.</summary>
internal static class Plan
{
    public const int Silos = 4;
    public const int Keys = 200;
    public const int Crons = 10;
    public const int Shards = 64;

    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How old a slot may be that runs again after its owner was lost. Progress is stored with each renewal, and an owner that
    /// cannot reach the store runs on until its lease ends.
    /// </summary>
    public static readonly TimeSpan Unstored = Lease * 2;

    public static readonly TimeSpan LargestShift = TimeSpan.FromSeconds(3);

    /// <summary>Each loop: the keys of the keyed task, and the tasks without keys.</summary>
    public static IEnumerable<string> Loops =>
        Enumerable.Range(0, Keys).Select(KeyedLoop).Concat(Enumerable.Range(0, Crons).Select(CronTask));

    public static string KeyedLoop(int key) => string.Create(CultureInfo.InvariantCulture, $"device/{key}");

    public static string CronTask(int number) => string.Create(CultureInfo.InvariantCulture, $"cron{number}");

    public static TimeSpan WorkOf(int key) => TimeSpan.FromMilliseconds(10 + (key * 37 % 300));

    /// <summary>
    /// Every second one writes although it was cancelled: between a check and a write there is always a moment.
    /// </summary>
    public static bool IsObstinate(int key) => key % 2 == 1;
}
