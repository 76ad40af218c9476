using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

/// <summary>The history of a task whose length is changed while it runs.</summary>
public class HistoryLengthTests
{
    // After yunikorn-core#635 (YUNIKORN-1942): a ring that was resized after it had wrapped returned the wrong entries.
    [Fact]
    public void A_history_that_is_shortened_and_lengthened_again_has_the_latest_records_in_order()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (iteration, _) =>
        {
            if (iteration.Number % 3 == 0)
                throw new FormatException($"{iteration.Number}");
            return default;
        }).Every(1.Seconds));
        var kept = 64;
        foreach (var length in (int[])[64, 5, 7, 1, 100, 3, 64, 2, 65])
        {
            host.Wait(Change(length));
            kept = Math.Min(kept, length);
            for (var second = 0; second < 9; second++)
            {
                host.Advance(1.Seconds);
                kept = Math.Min(kept + 1, length);
                Assert.Equal(host.Records().TakeLast(kept), host["task"].History);
            }
        }

        Task Change(int length)
        {
            var changed = host["task"].ChangeAsync(options => options.HistoryLength = length);
            host.Settle();
            return changed;
        }
    }
}
