namespace RecursiveLeak;

/// <summary>What to run and where the picture goes.</summary>
internal sealed record RecursiveLeakOptions(int Iterations, string Output);
