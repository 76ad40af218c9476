namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>What a step has written.</summary>
internal enum StepKind
{
    /// <summary>The step of a slot has begun.</summary>
    Begun = 1,

    /// <summary>Its effect was accepted.</summary>
    Accepted = 2,

    /// <summary>A run by hand has begun.</summary>
    BegunByHand = 3,
}
