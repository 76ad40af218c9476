namespace SafeLoop.Tool.Tests.Support;

/// <summary>What a program left behind.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors);
