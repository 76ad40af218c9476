namespace RecursiveLeak;

/// <summary>What to run, where the picture goes, and whether to stop where all iterations are alive.</summary>
internal sealed record RecursiveLeakOptions(int Iterations, string Output, bool Hold = false);
