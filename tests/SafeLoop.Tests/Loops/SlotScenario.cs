using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>A task and what happens to it, drawn at random.</summary>
internal sealed record SlotScenario(
    bool IsCron, int Period, int[] Steps, bool Blocks, Overlap Overlap, int OverlapMax, MissedSlots Missed, int MissedMax,
    int Window, (int What, int Span)[] Deeds)
{
    public const int Advance = 0, Sleep = 1, Pause = 2, Resume = 3, Restart = 4, SetClock = 5;

    public static readonly Gen<SlotScenario> Any =
        from isCron in Gen.Bool
        from period in Gen.Int[1, 9]
        from steps in Gen.OneOf(Gen.Const(0), Gen.Int[1, 9_999], Gen.Int[1, 40_000]).Array[1, 6]
        from blocks in Gen.Bool
        from overlap in Gen.OneOf(Enum.GetValues<Overlap>())
        from overlapMax in Gen.Int[1, 4]
        from missed in Gen.OneOf(Enum.GetValues<MissedSlots>())
        from missedMax in Gen.Int[1, 5]
        from window in Gen.Int[-20_000, 20_000]
        from deeds in Gen.Select(Gen.Frequency((6, Advance), (3, Sleep), (1, Pause), (2, Resume), (2, Restart), (1, SetClock)),
            Gen.Int[1, 60_000]).Array[1, 12]
        select new SlotScenario(isCron, period, steps, blocks, overlap, overlapMax, missed, missedMax, window, deeds);

    public override string ToString() =>
        $"{(IsCron ? "cron" : "every")} {Period} s, steps [{string.Join(", ", Steps)}] ms {(Blocks ? "blocking" : "awaiting")}, "
        + $"{Overlap} {OverlapMax}, {Missed} {MissedMax} window {Window}, "
        + string.Join(", ", Deeds.Select(deed => $"{Names[deed.What]} {deed.Span}"));

    private static readonly string[] Names = ["advance", "sleep", "pause", "resume", "restart", "set the clock by"];

    public void Register(IServiceCollection services)
    {
        var spans = Steps.Select(ms => TimeSpan.FromMilliseconds(ms)).ToArray();
        var calls = 0;
        var task = services.AddRecurringTask("t", async (iteration, token) =>
        {
            if (!Blocks)
                await SafeLoop.Tests.Steps.Wait(iteration, spans[calls++ % spans.Length], token);
            else if (calls < spans.Length) // one that blocks longer than the period for ever leaves no time for the test
                iteration.Services.GetRequiredService<VirtualClock>().Pass(spans[calls++]);
        });
        task.OnOverlap(Overlap, OverlapMax).OnMissed(Missed, Window < 0 ? null : TimeSpan.FromMilliseconds(Window), MissedMax);
        _ = IsCron ? task.Cron($"*/{Period} * * * * *") : task.Every(Period.Seconds);
    }
}
