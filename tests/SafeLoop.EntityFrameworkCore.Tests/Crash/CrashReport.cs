namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What the judge found in one scenario.</summary>
/// <param name="What">The seed and the cuts.</param>
/// <param name="Points">The points of the first process of each replica.</param>
/// <param name="Cuts">How many processes were cut off.</param>
/// <param name="Slots">How many remembered slots were judged.</param>
/// <param name="Effects">How many effects of their steps were accepted.</param>
/// <param name="Violations">What must not be.</param>
/// <param name="Details">The history and the steps, for people.</param>
internal sealed record CrashReport(
    string What, IReadOnlyList<IReadOnlyList<Point>> Points, int Cuts, long Slots, long Effects,
    IReadOnlyList<string> Violations, string Details)
{
    public override string ToString() => string.Join(
        Environment.NewLine, [What, .. Violations.Select(violation => $"  VIOLATION {violation}"), Details]);
}
