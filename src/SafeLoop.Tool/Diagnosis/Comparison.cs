namespace SafeLoop.Tool;

/// <summary>What two captures of one program say together: what grew.</summary>
internal sealed record Comparison
{
    public string Schema { get; init; } = "safeloop-comparison/1";

    /// <summary>Of the later heap, now that growth is known.</summary>
    public required Verdict Verdict { get; init; }

    public required SnapshotOrigin Earlier { get; init; }

    public required SnapshotOrigin Later { get; init; }

    public required long BytesBefore { get; init; }

    public required long BytesAfter { get; init; }

    /// <summary>Chains of the later heap, and how they were before.</summary>
    public required IReadOnlyList<Finding> Methods { get; init; }

    /// <summary>Classes whose bytes changed, those that grew most first.</summary>
    public required IReadOnlyList<ClassGrowth> Classes { get; init; }

    public static Comparison Of(Snapshot earlier, Snapshot later, int minFrames)
    {
        var before = Diagnoser.Diagnose(earlier, Diagnoser.LeastFrames);
        var after = Diagnoser.Diagnose(later, minFrames, before);
        return new Comparison
        {
            Verdict = after.Verdict,
            Earlier = earlier.Origin,
            Later = later.Origin,
            BytesBefore = before.Bytes,
            BytesAfter = after.Bytes,
            Methods = after.Findings,
            Classes = [.. ClassGrowth.Between(ClassesOf(earlier), ClassesOf(later))],
        };
    }

    private static IReadOnlyList<ClassCount> ClassesOf(Snapshot snapshot)
    {
        using var source = new ChainSource(snapshot.Graph, snapshot.Origin.ProcessId);
        return [.. ClassTable.Of(snapshot.Graph, source)];
    }
}
