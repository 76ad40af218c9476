using System.Globalization;

namespace SafeLoop.Testing.Tests;

/// <summary>
/// Steps on several threads, again and again: what depends on chance shows itself in time.
/// <c>tests/repeat.sh 10000</c> does it more often.
/// </summary>
public class RepeatTests
{
    private static readonly int Times =
        int.Parse(Environment.GetEnvironmentVariable("SAFELOOP_REPEAT") ?? "2", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Again_and_again_steps_on_other_threads_take_the_time_they_ask_for()
    {
        for (var time = 1; time <= Times; time++)
        {
            try
            {
                foreach (var way in FollowedStepTests.Names)
                    await new FollowedStepTests().A_step_takes_the_virtual_time_it_asks_for(way);
                await new FollowedStepTests().A_step_that_is_cancelled_goes_on_in_the_pool_and_is_waited_for();
                await new FollowedStepTests().A_cancelled_step_with_a_second_wait_that_goes_on_is_waited_for();
                await new RealWaitTests().A_task_that_waits_for_the_lock_of_another_is_parked();
                await new VirtualHostTests().What_is_done_to_a_task_between_advances_has_been_done_after_the_next();
                await new FaultTests().An_iteration_is_cancelled_as_if_by_hand();
            }
            catch (Exception error)
            {
                Assert.Fail($"Time {time} of {Times}: {error}");
            }
        }
    }
}
