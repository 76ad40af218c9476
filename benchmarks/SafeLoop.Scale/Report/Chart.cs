using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Report;

/// <summary>One picture: a figure against the number of loops.</summary>
internal sealed record Chart(string File, string Title, string Unit, Func<Measurement, double> Figure);
