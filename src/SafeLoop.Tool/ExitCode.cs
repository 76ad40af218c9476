namespace SafeLoop.Tool;

/// <summary>How <c>safeloop</c> ends.</summary>
internal static class ExitCode
{
    public const int NothingFound = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Leak = 3;
    public const int Suspicious = 4;
    public const int NotPermitted = 5;
    public const int Incomplete = 6;
}
