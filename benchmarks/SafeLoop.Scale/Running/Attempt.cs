using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Running;

/// <summary>One run of a scenario: a measurement, or why there is none.</summary>
internal sealed record Attempt(Scenario Scenario, int Repetition)
{
    public Measurement? Measurement { get; init; }

    public string? Problem { get; init; }
}
