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
        Assert.Equal((Verdict.Suspicious, 10_000, 20), (finding.Verdict, finding.Growth!.FramesBefore, finding.Growth.FramesMore));
    }

    private static Snapshot Taken(Func<int, string> type, int frames, DateTimeOffset at)
    {
        var heap = new HeapDrawing();
        var last = heap.Add(type(0));
        for (var i = 1; i < frames; i++)
            last = heap.Add(type(i), last);
        heap.Root(last);
        return new Snapshot(heap.Draw(), new SnapshotOrigin { Name = "drawn", TakenAt = at, Means = "drawn" });
    }
}
