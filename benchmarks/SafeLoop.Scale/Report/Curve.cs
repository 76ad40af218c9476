using SafeLoop.Scale.Engines;

namespace SafeLoop.Scale.Report;

/// <summary>One engine at all sizes it was measured at.</summary>
/// <param name="Name">Of the engine.</param>
/// <param name="Place">Its place among the engines: it has the same colour in every picture.</param>
/// <param name="Results">By size.</param>
internal sealed record Curve(string Name, int Place, IReadOnlyList<Result> Results)
{
    // Of a scheduler that is hopelessly behind, neither cost nor lateness per iteration mean anything.
    private const double Behind = 0.9;

    public static IReadOnlyList<Curve> Of(Comparison comparison) =>
    [
        .. EngineCatalog.All
            .Select((engine, place) => new Curve(
                engine.Name.Replace("`", "", StringComparison.Ordinal),
                place,
                [.. comparison.Running.Where(result => result.Scenario.Engine == engine.Id && result.IsMeasured
                    && result.Median(run => run.Ran) >= Behind)]))
            .Where(curve => curve.Results.Count > 0),
    ];
}
