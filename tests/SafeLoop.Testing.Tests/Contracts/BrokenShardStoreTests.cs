using System.Reflection;
using Xunit.Sdk;

namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>The contract of shard stores can fail: each defect is found by the tests one would expect.</summary>
public class BrokenShardStoreTests
{
    [Theory]
    [InlineData(ShardStoreDefect.EpochIsNotCompared, "A_shard_whose_owner_has_expired", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.LiveOwnersAreRobbed, "A_shard_that_a_live_lease_owns", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.OwnShardsAreRefused, "An_owner_takes_its_own_shard_again", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.EpochsRepeat, "The_epochs_of_a_shard_ascend", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.ExpiredLeasesTake, "A_lease_that_is_not_live_takes", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.ExpiredLeasesAreRenewed, "A_lease_that_has_expired_is_never", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.ExpiredLeasesGiveNothing, "A_shard_can_be_given_although")]
    [InlineData(ShardStoreDefect.ExpiredMembersAreListed, "A_lease_that_has_ended_or_never_was")]
    [InlineData(ShardStoreDefect.LeavingIsIgnored, "A_lease_that_has_ended_or_never_was", "What_a_host_that_has_left")]
    [InlineData(ShardStoreDefect.LeavingIsNotSeen, "That_a_host_is_leaving")]
    [InlineData(ShardStoreDefect.LeavingEndsTheLeasesOfAll, "A_lease_that_has_ended_or_never_was", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.LeaseNumbersRepeat, "The_number_of_a_lease")]
    [InlineData(ShardStoreDefect.RenewalsAddNothing, "A_renewed_lease_lasts")]
    [InlineData(ShardStoreDefect.ClustersAreMixed, "Another_cluster_is_refused")]
    [InlineData(ShardStoreDefect.ClustersAreForEver, "Another_cluster_is_accepted")]
    [InlineData(ShardStoreDefect.ShardCountIsNotCompared, "Another_number_of_shards")]
    [InlineData(ShardStoreDefect.ShardCountIsForgotten, "Another_number_of_shards")]
    [InlineData(ShardStoreDefect.ApplicationsAreMixed, "Applications_are_kept_apart")]
    [InlineData(ShardStoreDefect.KnownDetailsAreRead, "Details_of_members")]
    [InlineData(ShardStoreDefect.ShardsAreTakenTwiceInABatch, "A_batch_that_names_a_shard_twice")]
    [InlineData(ShardStoreDefect.OneRefusalRefusesTheBatch, "A_batch_takes_what_can")]
    [InlineData(ShardStoreDefect.RacesAreNotDecided, "Of_hosts_that_race")]
    [InlineData(ShardStoreDefect.NewStoresTakeAtOnce, "A_store_that_knows_nothing")]
    [InlineData(ShardStoreDefect.WatermarkIsForgotten, "Shards_are_read_that_were_ever")]
    [InlineData(ShardStoreDefect.WatermarksAreRounded, "Bytes_and_times_are_stored")]
    [InlineData(ShardStoreDefect.LossesAreForgotten, "Shards_are_read_that_were_ever")]
    [InlineData(ShardStoreDefect.ProgressIsForgotten, "The_progress_of_an_owner")]
    [InlineData(ShardStoreDefect.ProgressOfLiveOwnersIsRead, "The_progress_of_an_owner")]
    [InlineData(ShardStoreDefect.ProgressGoesWithTheLease, "The_progress_of_a_gone_owner_is_kept")]
    [InlineData(ShardStoreDefect.GivenShardsStayOwned, "A_shard_is_given_with_its_state", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.EpochOfAGiftIsNotCompared, "A_shard_is_given_or_saved_only", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.AnyHostGives, "A_shard_is_given_or_saved_only", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.AnyHostSaves, "A_shard_is_given_or_saved_only", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.MemoryGoesWithATake, "The_memory_that_was_given", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.DroppedMemoryStays, "The_memory_that_was_given", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.MissingExceptionsDelete, "Exceptions_are_saved", "No_shard_has_two_owners")]
    [InlineData(ShardStoreDefect.EmptyIsNothing, "Bytes_and_times_are_stored")]
    [InlineData(ShardStoreDefect.OwnersAreNotOrdered, "Owners_are_read_in_order")]
    [InlineData(ShardStoreDefect.LostOwnersAreForgotten, "Owners_are_read_in_order")]
    public async Task Every_defect_is_found(ShardStoreDefect defect, params string[] by)
    {
        foreach (var name in by)
        {
            var test = Assert.Single(Tests, method => method.Name.StartsWith(name, StringComparison.Ordinal));
            var tests = new MemoryShardStoreTests(defect);
            var found = await Record.ExceptionAsync(() => (Task)test.Invoke(tests, null)!);
            Assert.True(found is XunitException, $"{test.Name} does not notice that {defect}: {found}");
        }
    }

    [Fact]
    public void Every_defect_has_a_row() => Assert.Equal(
        Enum.GetValues<ShardStoreDefect>(),
        typeof(BrokenShardStoreTests).GetMethod(nameof(Every_defect_is_found))!.GetCustomAttributes<InlineDataAttribute>()
            .Select(row => (ShardStoreDefect)row.GetData(null!).Single()[0]).Order());

    private static IEnumerable<MethodInfo> Tests => typeof(ShardStoreContract).GetMethods()
        .Where(method => method.GetCustomAttribute<FactAttribute>() is not null);
}
