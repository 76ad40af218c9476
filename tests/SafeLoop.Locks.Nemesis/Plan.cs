using System.Globalization;

namespace Nemesis;

/// <summary>The tasks all workers share, and the lengths everything is measured by.</summary>
internal static class Plan
{
    public const int Workers = 6;
    public const int Tasks = 200;

    public static readonly TimeSpan Period = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);
    public static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan LargestShift = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan LongestWork = Lease * 2;

    public static IEnumerable<string> Names => Enumerable.Range(0, Tasks).Select(NameOf);

    /// <summary>Every fifth runs on a cron schedule, whose slots all workers share.</summary>
    public static bool IsCron(string task) => task[0] == 'c';

    public static string NameOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{(number % 5 == 0 ? 'c' : 'i')}{number:000}");

    public static string Cron(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number / 5 % Period.Seconds}/{Period.Seconds} * * * * *");

    /// <summary>
    /// Every tenth task, and every fourth iteration of the others, works longer than a lease lasts, so that it must be renewed.
    /// </summary>
    public static TimeSpan WorkOf(int number, long token) =>
        number % 10 == 8 || token % 4 == 0 ? LongestWork : TimeSpan.FromMilliseconds(10 + (number * 37 % 300));

    /// <summary>
    /// Every second one writes although it was cancelled: between a check and a write there is always a moment.
    /// </summary>
    public static bool IsObstinate(int number) => number % 2 == 1;
}
