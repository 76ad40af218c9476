using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>What one viewer has read is shared for a moment, and not kept.</summary>
public sealed class SharedReadsTests
{
    [Fact]
    public async Task Within_a_moment_one_answer_serves_all()
    {
        await using var host = await DashboardHost.StartOpenAsync(_ => { });
        var reads = new SharedReads(host.Services.GetRequiredService<TimeProvider>());

        var answers = new[] { await ReadAsync(reads, "a", 1), await ReadAsync(reads, "a", 2), await ReadAsync(reads, "b", 3) };

        Assert.Equal([1, 1, 3], answers);
    }

    [Fact]
    public async Task The_next_read_lets_go_of_every_older_answer()
    {
        await using var host = await DashboardHost.StartOpenAsync(_ => { });
        var reads = new SharedReads(host.Services.GetRequiredService<TimeProvider>());
        var old = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => ReadLargeAsync(reads, number)));

        await host.Time.AdvanceAsync(TimeSpan.FromSeconds(2));
        await ReadAsync(reads, "next", 1);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.DoesNotContain(old, answer => answer.IsAlive);
    }

    private static Task<int> ReadAsync(SharedReads reads, string key, int answer) =>
        reads.GetAsync(key, _ => Task.FromResult(answer), CancellationToken.None);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ReadLargeAsync(SharedReads reads, int key) =>
        new(await reads.GetAsync(key, _ => Task.FromResult(new byte[10_000]), CancellationToken.None));
}
