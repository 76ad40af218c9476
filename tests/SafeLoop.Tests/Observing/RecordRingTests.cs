using CsCheck;

namespace SafeLoop.Tests.Observing;

public class RecordRingTests
{
    private static readonly Gen<IterationRecord> Records =
        from number in Gen.Long[4_294_967_200, 4_294_967_400] // across 2^32
        from late in Gen.Long[0, TimeSpan.TicksPerDay]
        from elapsed in Gen.Long[0, TimeSpan.TicksPerDay]
        from outcome in Gen.Enum<IterationOutcome>()
        from reason in Gen.Enum<OutcomeReason>()
        from count in Gen.Frequency((5, Gen.Const(1L)), (1, Gen.Long[1, 200_000]), (1, Gen.Const(5_000_000_000L)))
        from isManual in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        from error in Gen.Frequency((4, Gen.Const((string?)null)), (1, Gen.String.Select(text => (string?)text)))
        select new IterationRecord
        {
            Number = outcome is IterationOutcome.Skipped ? 0 : number,
            Slot = LoopHost.Start,
            Started = LoopHost.Start.AddTicks(late),
            Elapsed = new(elapsed),
            Outcome = outcome,
            Reason = reason,
            Count = count,
            IsManual = isManual,
            Error = error,
        };

    [Fact]
    public void What_is_kept_is_what_was_added_last()
    {
        Gen.Select(Gen.Int[1, 12], Records.List[0, 60]).Sample((capacity, records) =>
        {
            var (ring, model) = (new RecordRing(capacity), new List<IterationRecord>());
            foreach (var record in records)
            {
                ring.Add(record);
                if (model.Count > 0 && model[^1] is { Outcome: IterationOutcome.Skipped } last
                    && record.Outcome is IterationOutcome.Skipped && last.Reason == record.Reason
                    && last.IsManual == record.IsManual && last.Error == record.Error)
                    model[^1] = record with { Count = last.Count + record.Count, Started = last.Started };
                else
                    model.Add(record);
            }
            return ring.ToArray().SequenceEqual(model.TakeLast(capacity))
                && ring.Newest.Equals(model.Count == 0 ? null : model[^1]);
        });
    }
}
