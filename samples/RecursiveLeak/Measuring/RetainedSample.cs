namespace RecursiveLeak.Measuring;

/// <summary>What a form kept alive after so many iterations.</summary>
internal readonly record struct RetainedSample(int Iterations, long Bytes);
