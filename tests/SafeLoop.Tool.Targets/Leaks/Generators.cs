namespace Targets.Leaks;

/// <summary>Generators that end by yielding themselves, as written for co, on one explicit stack.</summary>
internal sealed class Generators : ITarget
{
    public async Task RunAsync(Work work)
    {
        var stack = new Stack<IEnumerator<object>>();
        stack.Push(ScheduleUpdatingTask(work));
        while (stack.TryPeek(out var top))
        {
            if (!top.MoveNext())
                stack.Pop();
            else if (top.Current is IEnumerator<object> child)
                stack.Push(child);
            else
                await (Task)top.Current;
        }
    }

    private static IEnumerator<object> ScheduleUpdatingTask(Work work)
    {
        yield return work.StepAsync();
        yield return ScheduleUpdatingTask(work); // recurs
    }
}
