using Targets.Shapes;

namespace Targets.Innocents;

/// <summary>Requests in flight, of any size, under a load that rises: for each six that begin, five are answered.</summary>
internal sealed class RisingLoad : Shape
{
    private static readonly Queue<TaskCompletionSource> _answers = [];
    private static readonly Random _random = new(1);

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
        var body = new byte[_random.Next(1_000, 2_000)];
        await answered;
        GC.KeepAlive(body);
    }
}
