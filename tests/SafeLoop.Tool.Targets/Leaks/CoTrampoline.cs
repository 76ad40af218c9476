namespace Targets.Leaks;

/// <summary>co as it was: each generator is a promise, completed by the promise of the generator it yielded.</summary>
internal sealed class CoTrampoline : ITarget
{
    public Task RunAsync(Work work) => Co(ScheduleUpdatingTask(work));

    private static IEnumerable<Func<Task>> ScheduleUpdatingTask(Work work)
    {
        yield return work.StepAsync;
        yield return () => Co(ScheduleUpdatingTask(work)); // recurs
    }

    private static Task Co(IEnumerable<Func<Task>> generator)
    {
        var done = new TaskCompletionSource();
        var steps = generator.GetEnumerator();
        Next();
        return done.Task;

        void Next()
        {
            if (steps.MoveNext())
                steps.Current().ContinueWith(_ => Next(), TaskScheduler.Default);
            else
                done.SetResult();
        }
    }
}
