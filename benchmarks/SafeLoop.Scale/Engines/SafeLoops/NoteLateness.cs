using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.SafeLoops;

/// <summary>The step of every SafeLoop task here: nothing but the note how late it is.</summary>
internal sealed class NoteLateness : IRecurringTask<int>
{
    public static readonly Func<Iteration, CancellationToken, ValueTask> Step = static (iteration, _) =>
    {
        Lateness.Note(iteration.Slot);
        return default;
    };

    public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
        Step(iteration, cancellationToken);
}
