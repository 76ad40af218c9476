namespace Targets.Leaks;

/// <summary>The story: a task that ends by awaiting itself.</summary>
internal sealed class SelfAwait : ITarget
{
    public Task RunAsync(Work work) => ScheduleUpdatingTask(work);

    private static async Task ScheduleUpdatingTask(Work work)
    {
        await work.StepAsync();
        await ScheduleUpdatingTask(work); // recurs
    }
}
