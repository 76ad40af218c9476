namespace SafeLoop.Scale.Report;

/// <summary>Whether SafeLoop keeps one of its promises.</summary>
/// <param name="Promise">What was promised, with its limit.</param>
/// <param name="Measured">What was measured, or why nothing was.</param>
/// <param name="IsKept">Null: it was not part of this run.</param>
internal sealed record Verdict(string Promise, string Measured, bool? IsKept)
{
    public bool IsMissed => IsKept == false;

    public string Word => IsKept switch { true => "met", false => "NOT MET", null => "not in this run" };
}
