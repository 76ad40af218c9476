using Microsoft.Extensions.DependencyInjection;
using SafeLoop;

namespace Nightly;

/// <summary>
/// Kills the service in the middle of its job, starts it again some nights later, and prints what it remembers.
/// </summary>
internal static class Story
{
    // Longer than a host may be silent before it is marked as lost (35 s). It ends just after a night has begun.
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(41);

    public static async Task RunAsync(CancellationToken stop)
    {
        foreach (var file in new[] { "nightly.db", "nightly.db-wal", "nightly.db-shm" })
            File.Delete(file);

        Console.WriteLine("The service starts. Every ten seconds it is 03:00. Times are UTC.");
        using (var service = new ServiceProcess())
        {
            await service.WaitForAsync(Service.Ends, stop);
            await service.WaitForAsync(Service.Begins, stop);
            await service.KillAsync();
        }
        Console.WriteLine($"            killed in the middle of it. For {Down.TotalSeconds:0} s no service is running.");
        await Task.Delay(Down, TimeProvider.System, stop);

        Console.WriteLine("The service starts again.");
        using (var service = new ServiceProcess())
        {
            await service.WaitForAsync(Service.Ends, stop);
            await service.StopAsync();
        }

        Console.WriteLine("What nightly.db remembers of the report:");
        foreach (var entry in await ReadHistoryAsync(stop))
            Console.WriteLine(Describe(entry));
    }

    private static async Task<IReadOnlyList<HistoryEntry>> ReadHistoryAsync(CancellationToken stop)
    {
        using var host = Service.Build();
        var history = host.Services.GetRequiredService<IRecurringTaskHistory>();
        var page = await history.QueryAsync(new() { TaskName = "report", OldestFirst = true }, stop);
        return page.Entries;
    }

    private static string Describe(HistoryEntry entry)
    {
        var (slot, reason, count) = (entry.Record.Slot, entry.Record.Reason, entry.Record.Count);
        var slots = entry.FirstSlot is { } first ? $"{first:HH:mm:ss} to {slot:HH:mm:ss}" : $"{slot:HH:mm:ss}";
        return $"  {slots,-22}{entry.Record.Outcome}"
            + (reason is OutcomeReason.None ? "" : $" ({reason})")
            + (count > 1 ? $", {count} nights" : "");
    }
}
