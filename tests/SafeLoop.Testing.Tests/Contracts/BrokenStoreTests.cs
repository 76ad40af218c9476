using System.Reflection;
using Xunit.Sdk;

namespace SafeLoop.Testing.Tests.Contracts;

/// <summary>The contract of stores can fail: each defect is found by the tests one would expect.</summary>
public class BrokenStoreTests
{
    [Theory]
    [InlineData(StoreDefect.SlotIsNotCompared, "Of_sixteen_hosts_that_race", "A_slot_before_a_claimed_one_is_refused",
        "Each_slot_has_one_outcome")]
    [InlineData(StoreDefect.OnlyTheSameSlotIsRefused, "A_slot_before_a_claimed_one_is_refused")]
    [InlineData(StoreDefect.FutureSlotsBlock, "Slots_far_in_the_future_do_not_block_those",
        "Slots_far_in_the_future_do_not_block_outcomes")]
    [InlineData(StoreDefect.FutureSlotsRunAgain, "Slots_far_in_the_future_do_not_block_those")]
    [InlineData(StoreDefect.EveryClaimIsOwn, "A_repeated_claim", "Of_sixteen_hosts_that_race")]
    [InlineData(StoreDefect.OwnClaimIsRefused, "A_repeated_claim")]
    [InlineData(StoreDefect.LostHostsClaim, "A_lost_host_that_comes_back")]
    [InlineData(StoreDefect.LateOutcomesAreRecorded, "A_lost_host_that_comes_back", "The_outcome_of_a_claim_that_was_never",
        "Each_slot_has_one_outcome")]
    [InlineData(StoreDefect.RepeatedOutcomeIsRefused, "The_outcome_of_a_claimed_slot", "The_outcome_of_a_skipped_slot")]
    [InlineData(StoreDefect.LostClaimsEndAgain, "Each_claim_of_a_silent_host_ends_once", "The_claims_of_a_host_that_disconnects")]
    [InlineData(StoreDefect.TimeIsThatOfTheHost, "Hosts_whose_clocks_are_days_apart", "The_present_time_is_that_of_the_database")]
    [InlineData(StoreDefect.SilenceIsNotNoticed, "Each_claim_of_a_silent_host_ends_once", "A_lost_host_that_comes_back")]
    [InlineData(StoreDefect.HostsAreLostTooSoon, "A_host_that_sends_heartbeats")]
    [InlineData(StoreDefect.BatchNumberIsIgnored, "A_batch_that_is_saved_again", "A_batch_that_is_saved_several_times",
        "Connecting_again", "Every_call_may_be_made_again")]
    [InlineData(StoreDefect.PauseIsOverwritten, "A_pause_stays")]
    [InlineData(StoreDefect.LastSlotIsSetBack, "The_last_slot_moves_only_forward")]
    [InlineData(StoreDefect.CountsAreReplaced, "Counts_and_totals_are_added")]
    [InlineData(StoreDefect.OutcomesAreNotCounted, "Each_outcome_that_is_recorded", "The_slot_of_a_lost_host",
        "The_outcome_of_a_key_counts")]
    [InlineData(StoreDefect.EarlierOutcomeReplacesLater, "An_outcome_that_ended_before")]
    [InlineData(StoreDefect.OutcomesAreNotInTotals, "Each_outcome_that_is_recorded", "The_slot_of_a_lost_host")]
    [InlineData(StoreDefect.SlotsAreRounded, "Slots_that_differ_by_a_microsecond")]
    [InlineData(StoreDefect.CapitalsOfKeysDoNotMatter, "Keys_that_differ_in_any_character", "Erasing_a_key")]
    [InlineData(StoreDefect.KeysAreTrimmed, "Keys_that_differ_in_any_character")]
    [InlineData(StoreDefect.KeysAreCut, "Keys_with_characters_no_database_takes")]
    [InlineData(StoreDefect.KeysAreCleaned, "Keys_with_characters_no_database_takes")]
    [InlineData(StoreDefect.EmptyKeyIsTheTask, "A_key_without_text")]
    [InlineData(StoreDefect.CommandsAreAddedBlindly, "A_command_that_is_added_again", "Every_call_may_be_made_again")]
    [InlineData(StoreDefect.CommandsAreTakenByAll, "A_command_is_taken_by_one_of_sixteen")]
    [InlineData(StoreDefect.NumbersAreReused, "Old_commands_are_deleted")]
    [InlineData(StoreDefect.CommandsForUnknownTasksAreAccepted, "A_command_for_a_task_that_is_not_stored")]
    [InlineData(StoreDefect.AnyHostCompletesCommands, "Only_the_host_that_has_taken_a_command")]
    [InlineData(StoreDefect.LostHostsKeepTheirCommands, "A_command_whose_host_is_lost")]
    [InlineData(StoreDefect.LaterResultsReplaceTheFirst, "How_a_command_ended", "A_command_whose_host_is_lost")]
    [InlineData(StoreDefect.OneResultForAllHosts, "A_command_for_all_hosts")]
    [InlineData(StoreDefect.PagesOfTheLogOverlap, "The_log_of_commands_has_pages")]
    [InlineData(StoreDefect.ChangesAreNotStored, "A_change_of_options_is_stored", "The_options_of_a_change")]
    [InlineData(StoreDefect.ChangesAreMerged, "A_change_of_options_is_stored")]
    [InlineData(StoreDefect.FingerprintIsLost, "A_change_without_a_fingerprint_gets")]
    [InlineData(StoreDefect.UnseenChangesAreStored, "A_change_without_a_fingerprint_is_stored")]
    [InlineData(StoreDefect.LateChangesReplaceLater, "A_change_without_a_fingerprint_does_not_replace")]
    [InlineData(StoreDefect.ErasureIsErased, "A_command_to_erase_a_key")]
    [InlineData(StoreDefect.ErasedKeysStay, "A_command_to_erase_a_key")]
    [InlineData(StoreDefect.EqualSlotsAreLost, "Pages_lose_and_repeat_nothing_when_slots_are_equal")]
    [InlineData(StoreDefect.EqualSlotsAreRepeated, "Pages_lose_and_repeat_nothing_when_slots_are_equal")]
    [InlineData(StoreDefect.LatestAreOfAllTasks, "The_last_entries_of_each_task")]
    [InlineData(StoreDefect.InstancesAreDeletedWithTheirClaims, "An_instance_that_is_alive_or_has_a_claim")]
    [InlineData(StoreDefect.ApplicationsAreMixed, "Applications_that_share_a_database", "A_lost_host_is_noticed",
        "A_command_of_another_application", "Samples_of_another_application")]
    [InlineData(StoreDefect.PausesOfKeysAreNotStored, "A_pause_or_resumption_of_a_key", "A_key_that_recovers")]
    [InlineData(StoreDefect.PausedKeysAreForgotten, "A_key_that_recovers")]
    [InlineData(StoreDefect.ClaimedKeysAreForgotten, "A_key_with_a_claim")]
    [InlineData(StoreDefect.EndIsOverwritten, "The_end_of_a_loop_stays")]
    [InlineData(StoreDefect.LastOutcomeIsCleared, "A_change_without_an_outcome")]
    [InlineData(StoreDefect.LastSampleOfAMinuteIsKept, "Of_each_minute_the_sample")]
    [InlineData(StoreDefect.LostHostsAddSamples, "The_samples_of_a_lost_host")]
    [InlineData(StoreDefect.SamplesAreKeptLikeSuccesses, "Samples_are_kept_for_a_time")]
    [InlineData(StoreDefect.OldGapsAreRead, "Gaps_are_read_since")]
    public async Task Every_defect_is_found(StoreDefect defect, params string[] by)
    {
        foreach (var name in by)
        {
            var test = Assert.Single(Tests, method => method.Name.StartsWith(name, StringComparison.Ordinal));
            var tests = new MemoryStoreTests(new BrokenRules(defect));
            var found = await Record.ExceptionAsync(() => (Task)test.Invoke(tests, null)!);
            Assert.True(found is XunitException, $"{test.Name} does not notice that {defect}: {found}");
        }
    }

    [Fact]
    public void Every_defect_has_a_row() => Assert.Equal(
        Enum.GetValues<StoreDefect>(),
        typeof(BrokenStoreTests).GetMethod(nameof(Every_defect_is_found))!.GetCustomAttributes<InlineDataAttribute>()
            .Select(row => (StoreDefect)row.GetData(null!).Single()[0]).Order());

    private static IEnumerable<MethodInfo> Tests => typeof(RecurringTaskStoreContract).GetMethods()
        .Where(method => method.GetCustomAttribute<FactAttribute>() is not null);
}
