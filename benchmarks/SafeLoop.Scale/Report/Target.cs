using System.Globalization;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Report;

/// <summary>A figure with a limit.</summary>
internal static class Target
{
    /// <summary>A figure of one result must not exceed a limit.</summary>
    public static Verdict AtMost(string promise, Result? result, Func<Measurement, double> figure, double limit, string format) =>
        Judge(promise, [result], () => result!.Median(figure), value => value <= limit,
            value => value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>A figure must be at most so many times another one of the same run.</summary>
    public static Verdict Ratio(
        string promise, Result? mine, Result? theirs, Func<Measurement, double> figure, double limit, string format) =>
        Judge(promise, [mine, theirs], () => mine!.Median(figure) / theirs!.Median(figure), ratio => ratio <= limit,
            ratio => Both(ratio, mine!.Median(figure), theirs!.Median(figure), format));

    /// <summary>A figure must be so many times smaller than another one of the same run.</summary>
    public static Verdict Fewer(
        string promise, Result? mine, Result? theirs, Func<Measurement, double> figure, double times, string format) =>
        Judge(promise, [mine, theirs], () => theirs!.Median(figure) / mine!.Median(figure), ratio => ratio >= times,
            ratio => Both(ratio, mine!.Median(figure), theirs!.Median(figure), format));

    private static Verdict Judge(
        string promise, Result?[] needed, Func<double> figure, Func<double, bool> isKept, Func<double, string> describe)
    {
        if (needed.Any(result => result is null))
            return new(promise, "–", null);
        if (needed.FirstOrDefault(result => !result!.IsMeasured) is { } failed)
            return new(promise, failed.Problem!, false);
        var value = figure();
        return new(promise, describe(value), isKept(value));
    }

    private static string Both(double ratio, double mine, double theirs, string format) => string.Create(
        CultureInfo.InvariantCulture, $"{ratio:0.00} × ({mine.ToString(format, CultureInfo.InvariantCulture)} : "
            + $"{theirs.ToString(format, CultureInfo.InvariantCulture)})");
}
