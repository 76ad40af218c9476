using System.Globalization;
using SafeLoop.Dashboard.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine($"{string.Join(' ', args)}, {Environment.ProcessorCount} cores, .NET {Environment.Version}");
switch (args)
{
    case ["keys", var count] when int.TryParse(count, out var keys) && keys > 0:
        await KeyPages.RunAsync(keys);
        return 0;
    case ["viewers", var seconds] when int.TryParse(seconds, out var span) && span > 0:
        await Viewers.RunAsync(TimeSpan.FromSeconds(span));
        return 0;
    default:
        Console.Error.WriteLine(
            """
            keys COUNT       the first pages of a task with that many keys: time, allocated bytes, size of the answer
            viewers SECONDS  searches of the store while 0, 1 and 50 viewers follow for that long each
            """);
        return 2;
}
