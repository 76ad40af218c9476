namespace SafeLoop.Tool.Tests.Report;

public class SentencesTests
{
    [Theory]
    [InlineData(2, "M0 and M1", "frames   (T0 → T1) × 100", "T0 × 100; T1 × 100")]
    [InlineData(41, "M0 and M1 and M2 and M3 and M4 and 36 more", "frames   T0 → T1 → T2 → T3 → T4 → 36 more × 200",
        "T0, T1, T2, T3, T4, 36 more × 200")]
    public void A_chain_through_many_methods_names_those_with_most_frames(int methods, string names, string chain, string drawn)
    {
        var finding = new Finding
        {
            Verdict = Verdict.Leak,
            Kind = ChainKind.Methods,
            Methods = [.. Enumerable.Range(0, methods)
                .Select(i => new ChainedMethod { Name = $"M{i}", Module = "App.dll", CallsItself = true })],
            FrameTypes = [.. Enumerable.Range(0, methods).Select(i => $"T{i}")],
            Frames = 200,
            Chains = 1,
            Depth = 200,
            MedianDepth = 200,
            RetainedBytes = 1,
            RetainedShare = 1,
            HeldBy = [],
            Between = [],
            Excerpt = [],
            Cure = "",
        };

        Assert.Equal((names, chain), (Sentences.Names(finding), Assert.Single(Sentences.Chain(finding))));
        Assert.Equal(drawn, string.Join("; ", Sentences.Turns(finding)));
        Assert.InRange(Sentences.Why(finding).Count(), 1, 6);
    }
}
