namespace SafeLoop.Dashboard;

/// <summary>A policy of the application, or one of its handlers, has thrown. The cause is for the log only.</summary>
internal sealed class PolicyFailedException(Exception cause)
    : Exception("A policy of the application has failed.", cause);
