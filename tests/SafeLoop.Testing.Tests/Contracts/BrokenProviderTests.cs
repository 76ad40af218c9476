using System.Reflection;

namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>The contract can fail: each defect is found, by the tests one would expect, and a sound provider passes.</summary>
public class BrokenProviderTests
{
    [Theory]
    [InlineData(Defect.TwoHolders, "A_free_lock", "No_accepted_update", "A_waiting_request")]
    [InlineData(Defect.Reentrant, "A_free_lock", "No_accepted_update")]
    [InlineData(Defect.FenceRepeats, "A_fencing_token", "Under_racing_threads")]
    [InlineData(Defect.FenceBeginsAnewAfterLoss, "A_fencing_token", "A_lease_that_is_not_renewed", "No_accepted_update")]
    [InlineData(Defect.NotReleased, "A_free_lock", "A_lease_can_be_released_twice", "No_accepted_update")]
    [InlineData(Defect.NeverExpires, "A_lease_that_is_not_renewed", "No_accepted_update")]
    [InlineData(Defect.ReleasesWithoutAskingWho, "An_expired_holder_cannot_release", "A_lease_can_be_released_twice")]
    [InlineData(Defect.RenewsWithoutAskingWho, "An_expired_holder_cannot_renew", "No_accepted_update")]
    [InlineData(Defect.RenewsWhatWasReleased, "A_released_lease")]
    [InlineData(Defect.RenewalExtendsNothing, "A_renewed_lease")]
    [InlineData(Defect.CapitalsDoNotMatter, "Names_are_independent")]
    [InlineData(Defect.DoesNotWait, "A_waiting_request_acquires_the_lock_when_it_is_released",
        "A_waiting_request_acquires_the_lock_when_the_lease")]
    [InlineData(Defect.WaitsThoughCancelled, "A_request_with_a_cancelled_token")]
    [InlineData(Defect.SaysAnotherLength, "A_lease_says_how_long")]
    [InlineData(Defect.DeniesItsFencing, "The_provider_says_that_its_leases_have_fencing_tokens")]
    public async Task Every_defect_is_found(Defect defect, params string[] by)
    {
        var failed = await FailedTestsOf(defect);

        Assert.All(by, test => Assert.Contains(failed, name => name.StartsWith(test, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_sound_provider_passes() => Assert.Empty(await FailedTestsOf(Defect.None));

    private static async Task<List<string>> FailedTestsOf(Defect defect)
    {
        var failed = new List<string>();
        foreach (var test in typeof(LockProviderContract).GetMethods()
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null))
        {
            // Waiting for ever is a failure too, and with these two defects the only one.
            if ((defect, test.Name)
                is (Defect.NeverExpires or Defect.WaitsThoughCancelled or Defect.NotReleased, ['O', 'n', 'e', .., _])
                && !test.Name.Contains("before_asking", StringComparison.Ordinal)
                || (defect is Defect.NotReleased && test.Name.StartsWith("Under", StringComparison.Ordinal)))
                continue;
            var contract = new Contract(defect);
            try
            {
                await (Task)test.Invoke(contract, null)!;
            }
            catch (Exception)
            {
                failed.Add(test.Name);
            }
            finally
            {
                contract.Close();
            }
        }
        return failed;
    }

    private sealed class Contract(Defect defect) : LockProviderContract
    {
        private readonly VirtualClock _clock = new(VirtualTime.DefaultStart);
        private SimpleLocks? _locks;

        public void Close() => _locks?.Close();

        protected override ILoopLockProvider CreateProvider(int client) =>
            (_locks ??= new SimpleLocks(_clock, defect)).Of(client);

        protected override Task AdvanceAsync(TimeSpan time)
        {
            _clock.MoveTo(_clock.GetTimestamp() + time.Ticks);
            return Task.CompletedTask;
        }
    }
}
