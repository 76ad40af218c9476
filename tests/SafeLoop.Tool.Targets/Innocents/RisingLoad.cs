using Targets.Shapes;

namespace Targets.Innocents;

/// <summary>Requests in flight under a load that rises: for each six that begin, five are answered.</summary>
internal sealed class RisingLoad : Shape
{
    private static readonly Queue<TaskCompletionSource> _answers = [];

    protected override void Add(int i, int count)
    {
        var answer = new TaskCompletionSource();
        _answers.Enqueue(answer);
        _ = HandleAsync(answer.Task);
        if (i >= count && i % 6 != 0)
            _answers.Dequeue().SetResult();
    }

    private static async Task HandleAsync(Task answered)
    {
        var body = new byte[1_500];
        await answered;
        GC.KeepAlive(body);
    }
}
