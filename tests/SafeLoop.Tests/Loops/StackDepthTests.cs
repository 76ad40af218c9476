using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>The stack of iteration 100,000 is as deep as that of iteration 10.</summary>
public class StackDepthTests
{
    private const int Iterations = 100_000;

    [Theory] // orleans#2533, nodejs/node#6673, promises-spec#179
    [InlineData("sync")]
    [InlineData("pool")]
    [InlineData("failing")]
    [InlineData("scoped")]
    [InlineData("locked")]
    public void The_stack_does_not_grow(string kind)
    {
        var (early, late) = (0, 0);
        using var host = ThreadedLoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("task", async (iteration, _) =>
            {
                if (kind == "pool" && iteration.Number % 10 == 5)
                    await Task.Yield();
                if (iteration.Number is 10)
                    early = new StackTrace().FrameCount;
                if (iteration.Number is Iterations)
                    late = new StackTrace().FrameCount;
                if (kind == "failing" && iteration.Number % 100 == 50)
                    throw new FormatException();
            }).StopAfter(Iterations).DelayBy(new AtOnce());
            task.Configure(options => options.Singleton = kind != "scoped");
            if (kind == "locked")
                task.WithLock("lock");
        }, TimeProvider.System);
        ThreadedLoopHost.Wait(host["task"].Completion);

        Assert.True(early > 0);
        Assert.InRange(late, 1, early + 20); // which frames are inlined may change on the way
    }

    [Fact]
    public void The_stack_does_not_grow_when_a_test_or_another_thread_ends_every_step()
    {
        var (gate, early, late) = (new TaskCompletionSource(), 0, 0);
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (iteration, _) =>
        {
            gate = new TaskCompletionSource();
            if (iteration.Number == 10)
                early = new StackTrace().FrameCount;
            if (iteration.Number == 10_000)
                late = new StackTrace().FrameCount;
            return new(gate.Task);
        }).DelayBy(new AtOnce()));
        for (var n = 0; n < 10_000; n++)
            host.Release(gate);

        Assert.True(early > 0);
        Assert.InRange(late, 1, early + 20); // which frames are inlined may change on the way
    }

    private sealed class AtOnce : IDelayPolicy
    {
        public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now) => history.LastSlot?.AddTicks(1) ?? now.AddDays(-1);
    }
}
