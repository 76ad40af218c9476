using SafeLoop.Scale.Measuring;
using SafeLoop.Scale.Running;

namespace SafeLoop.Scale.Report;

/// <summary>What all repetitions of one scenario say together: a median of each figure, or why there is none.</summary>
internal sealed class Result(Scenario scenario, IReadOnlyList<Attempt> attempts)
{
    private readonly Measurement[] _measured =
        [.. attempts.Where(attempt => attempt.Measurement is not null).Select(attempt => attempt.Measurement!)];

    public Scenario Scenario => scenario;

    public bool IsMeasured => _measured.Length > 0;

    public int Repetitions => _measured.Length;

    /// <summary>What went wrong, in at least one repetition; null: nothing.</summary>
    public string? Problem => attempts.FirstOrDefault(attempt => attempt.Problem is not null)?.Problem;

    public double Median(Func<Measurement, double> figure)
    {
        var sorted = _measured.Select(figure).Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
