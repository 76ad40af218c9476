using System.Reflection;
using SafeLoop.Tests.House;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>Each answer that docs/history.md promises is met by an oracle, or has a test of its own that is named here.</summary>
public class OracleCoverageTests
{
    // Why no oracle meets them: the first three need what no model can foresee without the product (the draw of the jitter, a
    // host that has not begun, a lease that ends early), the fourth a cluster, the others records that a later host has of a
    // gone task.
    private static readonly Dictionary<string, (Type, string)> Exceptions = new()
    {
        ["Pending"] = (typeof(ExplainFutureTests), nameof(ExplainFutureTests.Waiting_for_its_jitter)),
        ["NotStarted"] = (typeof(ExplainLifeTests), nameof(ExplainLifeTests.Before_the_host_has_started)),
        ["Interrupted LockLost"] =
            (typeof(ExplainOutcomeTests), nameof(ExplainOutcomeTests.Interrupted_because_its_lock_was_lost)),
        ["Interrupted ShardLost"] =
            (typeof(ExplainEvidenceTests), nameof(ExplainEvidenceTests.An_iteration_whose_shard_was_lost)),
        ["Interrupted Removed"] = (typeof(ExplainRemovedTests), nameof(ExplainRemovedTests.A_key_that_was_removed_while_it_ran)),
        ["ScheduleUnknown"] = (typeof(StoreHistoryTests), nameof(StoreHistoryTests.A_task_that_only_the_store_knows_is_no_error)),
    };

    [Fact]
    public void Every_kind_of_answer_is_met_by_an_oracle_or_by_a_named_test()
    {
        var met = OracleCoverage.OfYear.Concat(OracleCoverage.OfRestarts).Concat(OracleCoverage.OfReplicas).ToHashSet();
        var promised = Answers.ToList();

        Assert.Equal([], promised.Where(name => !met.Contains(name) && !Exceptions.ContainsKey(name)));
        Assert.Equal([], Exceptions.Keys.Where(name => met.Contains(name) || !promised.Contains(name)));
        Assert.All(Exceptions.Values, test =>
            Assert.NotNull(test.Item1.GetMethod(test.Item2)?.GetCustomAttribute<FactAttribute>()));
    }

    [Fact]
    public void The_table_of_outcomes_in_the_docs_is_complete()
    {
        var rows = File.ReadLines(Path.Combine(CoreSource.Root, "..", "..", "docs", "history.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 5 && Enum.TryParse<IterationOutcome>(cells[1].Trim('`'), out _))
            .Select(cells => $"{cells[1].Trim('`')} {cells[2].Trim('`')}".TrimEnd());

        Assert.Equal(Outcomes.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Answers =>
        Outcomes.Concat(Enum.GetNames<SlotFinding>().Where(name => name != nameof(SlotFinding.Recorded)));

    // What ran has a reason only when it was interrupted; each other reason skips.
    private static IEnumerable<string> Outcomes
    {
        get
        {
            OutcomeReason[] interrupting =
            [
                OutcomeReason.HostStopping, OutcomeReason.LockLost, OutcomeReason.Removed, OutcomeReason.Cancelled,
                OutcomeReason.Replaced, OutcomeReason.HostLost, OutcomeReason.ShardLost,
            ];
            return new[] { IterationOutcome.Succeeded, IterationOutcome.Failed, IterationOutcome.TimedOut }
                .Select(outcome => AnswersMet.NameOf(outcome, OutcomeReason.None))
                .Concat(Enum.GetValues<OutcomeReason>().Where(reason => reason is not OutcomeReason.None).Select(reason =>
                    AnswersMet.NameOf(
                        interrupting.Contains(reason) ? IterationOutcome.Interrupted : IterationOutcome.Skipped, reason)));
        }
    }
}
