namespace SafeLoop.Tool;

/// <summary>How many objects of a class live, and what they weigh.</summary>
internal sealed record ClassCount(string Name, string Module, int Count, long Bytes);
