using Targets.Shapes;

namespace Targets.Innocents;

/// <summary>So many requests wait for their answer; each that is answered makes room for the next.</summary>
internal sealed class InFlight : Shape
{
    private readonly Queue<TaskCompletionSource> _answers = [];

    protected override void Add(int i, int count)
    {
        var answer = new TaskCompletionSource();
        _answers.Enqueue(answer);
        _ = HandleAsync(answer.Task);
        if (i >= count)
            _answers.Dequeue().SetResult();
    }

    private static async Task HandleAsync(Task answered)
    {
        var body = new byte[1_500];
        await answered;
        GC.KeepAlive(body);
    }
}
