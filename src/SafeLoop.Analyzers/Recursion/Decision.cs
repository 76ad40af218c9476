using Microsoft.CodeAnalysis;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>A condition that decides whether there is another iteration.</summary>
internal readonly struct Decision(IOperation condition, bool? goesOn)
{
    public IOperation Condition { get; } = condition;

    /// <summary>What the condition must be for another iteration; null if that is not known.</summary>
    public bool? GoesOn { get; } = goesOn;
}
