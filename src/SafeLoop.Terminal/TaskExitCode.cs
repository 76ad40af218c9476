namespace SafeLoop.Terminal;

/// <summary>How a verb about tasks ends. The numbers do not overlap with those of the verbs that diagnose.</summary>
internal static class TaskExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotPermitted = 5;
    public const int NotFound = 7;
    public const int Rejected = 8;
    public const int Pending = 9;
    public const int Unsuccessful = 10;
}
