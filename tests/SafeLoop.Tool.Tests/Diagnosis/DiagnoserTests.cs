using SafeLoop.Tool.Tests.Chains;

namespace SafeLoop.Tool.Tests.Diagnosis;

public class DiagnoserTests
{
    [Fact]
    public void A_chain_that_another_method_has_joined_has_not_grown_from_nothing()
    {
        var before = Diagnoser.Diagnose(Taken(_ => "<PollAsync>d__1", 10_000, DateTimeOffset.UnixEpoch));

        var after = Diagnoser.Diagnose(
            Taken(i => i % 2 == 0 ? "<PollAsync>d__1" : "<SaveAsync>d__2", 10_020, DateTimeOffset.UnixEpoch.AddMinutes(1)),
                captures: [before]);

        var finding = Assert.Single(after.Findings);
        Assert.Equal((Verdict.Suspicious, 10_000, 20),
            (finding.Verdict, finding.Growth!.FramesBefore, finding.Growth.FramesMore));
    }

    [Theory]
    [InlineData(nameof(Verdict.Leak), 0)]
    [InlineData(nameof(Verdict.Suspicious), 100_000)]
    public void Calls_that_end_and_begin_again_are_no_leak_however_many_there_are(string verdict, int place)
    {
        var before = Diagnoser.Diagnose(Taken(_ => "<PollAsync>d__1", 10_000, DateTimeOffset.UnixEpoch));

        var after = Diagnoser.Diagnose(Taken(_ => "<PollAsync>d__1", 20_000, DateTimeOffset.UnixEpoch.AddMinutes(1), place),
            captures: [before]);

        var finding = Assert.Single(after.Findings);
        Assert.Equal((verdict, 10_000), (finding.Verdict.ToString(), finding.Growth!.FramesMore));
        Assert.Equal(place > 0, Sentences.Why(finding).Any(why => why.Contains("the calls end", StringComparison.Ordinal)));
    }

    private static Snapshot Taken(Func<int, string> type, int frames, DateTimeOffset at, int place = 0)
    {
        var heap = new HeapDrawing(place: place);
        var last = heap.Add(type(0));
        for (var i = 1; i < frames; i++)
            last = heap.Add(type(i), last);
        heap.Root(last);
        return new Snapshot(heap.Draw(),
            new SnapshotOrigin { Name = "drawn", TakenAt = at, Means = "drawn", ProcessId = 1, Started = 1 });
    }
}
