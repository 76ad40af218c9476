namespace Targets.Leaks;

/// <summary>The story to its end: it never stops to add frames, each of which keeps as many bytes as asked for.</summary>
internal sealed class Endless : ITarget
{
    public Task RunAsync(Work work)
    {
        Work.Ready();
        return ScheduleUpdatingTask(work.Count);
    }

    private static async Task ScheduleUpdatingTask(int bytes)
    {
        var reading = new byte[bytes];
        await Task.Yield();
        await ScheduleUpdatingTask(bytes); // recurs
        reading[0]++;
    }
}
