using System.Globalization;

namespace SafeLoop.Testing.Tests.Exploring;

/// <summary>
/// Thousands of orders of events, each from a seed, so that what is found can be found again.
/// <c>tests/explore.sh 100000</c> draws more.
/// </summary>
public class ExploringTests
{
    private static readonly int Schedules =
        int.Parse(Environment.GetEnvironmentVariable("SAFELOOP_SCHEDULES") ?? "2000", CultureInfo.InvariantCulture);
    private static readonly int First =
        int.Parse(Environment.GetEnvironmentVariable("SAFELOOP_FIRST_SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public Task Whatever_the_order_of_events_no_slot_run_or_loop_is_lost_or_doubled() => Task.Run(() =>
    {
        for (var seed = First; seed < First + Schedules; seed++)
        {
            using var schedule = new ExploredSchedule(seed);
            try
            {
                schedule.Run(events: 20 + (seed % 100));
            }
            catch (Exception error)
            {
                Assert.Fail($"Seed {seed}: {error.Message}\n{schedule.Journal}\n{error.StackTrace}");
            }
        }
    });
}
