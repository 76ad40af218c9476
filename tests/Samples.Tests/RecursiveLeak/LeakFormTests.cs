using RecursiveLeak.Forms;
using RecursiveLeak.Measuring;
using Samples.Tests.Support;

namespace Samples.Tests.RecursiveLeak;

[Collection(AloneCollection.Name)]
public sealed class LeakFormTests
{
    // Deep enough that a form which used the stack would not survive it.
    private const int Iterations = 100_000;

    [Fact]
    public Task Recursive_async_retains_a_frame_per_iteration() => AssertLeaksAsync(new RecursiveAsync());

    [Fact]
    public Task Generators_that_yield_themselves_retain_a_frame_per_iteration() => AssertLeaksAsync(new CoStyle());

    [Fact]
    public async Task SafeLoop_retains_its_host_and_nothing_per_iteration()
    {
        var run = await LeakRun.MeasureAsync(new OnSafeLoop(), Iterations);

        Assert.Equal(Iterations, run.Iterations);
        // The smallest object there is would be 24 an iteration; what is made once was seen to be 67,112 in all.
        Assert.InRange(run.Retained - run.Samples[1].Bytes, -Iterations * 2, Iterations * 2);
        Assert.InRange(run.BytesPerIteration, -2, 2);
    }

    private static async Task AssertLeaksAsync(ILeakForm form)
    {
        var run = await LeakRun.MeasureAsync(form, Iterations);

        Assert.Equal(Iterations, run.Iterations);
        Assert.InRange(run.BytesPerIteration, 48, 256);
        Assert.Equal(21, run.Samples.Count);

        // The end frees the chain: the leak is the chain, not the work.
        Assert.True(run.AfterEnd < run.Retained / 2, $"{run.AfterEnd} B are still alive after the end.");
    }
}
