using System.Text.Json.Serialization;

namespace SafeLoop.Tool;

/// <summary>What captures of one program say together: what grew.</summary>
internal sealed record Comparison
{
    public string Schema { get; init; } = "safeloop-comparison/1";

    /// <summary>Of the later heap, now that growth is known.</summary>
    public required Verdict Verdict { get; init; }

    public required SnapshotOrigin Earlier { get; init; }

    public required SnapshotOrigin Later { get; init; }

    public required long BytesBefore { get; init; }

    public required long BytesAfter { get; init; }

    /// <summary>How many captures were compared.</summary>
    public required int Captures { get; init; }

    /// <summary>Nothing of any of the captures was lost.</summary>
    [JsonIgnore]
    public bool IsComplete { get; init; }

    /// <summary>Owners of the last heap, and what they retained in each capture.</summary>
    public required IReadOnlyList<Owner> Owners { get; init; }

    /// <summary>Chains of the later heap, and how they were before.</summary>
    public required IReadOnlyList<Finding> Methods { get; init; }

    /// <summary>Classes whose bytes changed, those that grew most first.</summary>
    public required IReadOnlyList<ClassGrowth> Classes { get; init; }

    /// <summary>What the reader should know, as in the report on the last capture.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <param name="captures">Read the captures, the earliest first. Only one heap is in memory at a time.</param>
    /// <param name="minFrames">Methods with fewer chained frames are not reported.</param>
    /// <exception cref="ToolException">The captures are in another order.</exception>
    public static Comparison Of(IReadOnlyList<Func<Snapshot>> captures, int minFrames)
    {
        var reports = new List<LeakReport>();
        IReadOnlyList<ClassCount> first = [], last = [];
        foreach (var (i, read) in captures.Index())
        {
            var snapshot = read();
            if (i > 0 && snapshot.Origin.TakenAt < reports[^1].Origin.TakenAt)
                throw new ToolException(ExitCode.Usage,
                    $"'{Text.Printable(reports[^1].Origin.Name)}' was taken after '{Text.Printable(snapshot.Origin.Name)}'. "
                    + "Name the earlier capture first.");

            last = ClassesOf(snapshot);
            first = i == 0 ? last : first;
            reports.Add(Diagnoser.Diagnose(snapshot, i == captures.Count - 1 ? minFrames : Diagnoser.LeastFrames, reports));
        }

        var shown = reports[^1];
        return new Comparison
        {
            Verdict = shown.Verdict,
            Captures = reports.Count,
            IsComplete = reports.All(report => report.Origin.IsComplete),
            Earlier = reports[0].Origin,
            Later = shown.Origin,
            BytesBefore = reports[0].Bytes,
            BytesAfter = shown.Bytes,
            Owners = shown.Owners,
            Methods = shown.Findings,
            Notes = shown.Notes,
            Classes = [.. ClassGrowth.Between(first, last)],
        };
    }

    private static IReadOnlyList<ClassCount> ClassesOf(Snapshot snapshot)
    {
        using var source = new ChainSource(snapshot.Graph, snapshot.Origin.ProcessId);
        return [.. ClassTable.Of(snapshot.Graph, source)];
    }
}
