using System.Buffers;

namespace Targets.Shapes;

/// <summary>A peak of large buffers, all returned: the pool keeps what it has room for.</summary>
internal sealed class PooledBuffers : ITarget
{
    public Task RunAsync(Work work)
    {
        var rented = Enumerable.Range(0, work.Count).Select(_ => ArrayPool<byte>.Shared.Rent(1 << 20)).ToArray();
        foreach (var buffer in rented)
            ArrayPool<byte>.Shared.Return(buffer);
        Work.Ready();
        return Task.CompletedTask;
    }
}
