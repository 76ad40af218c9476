namespace SafeLoop.Dashboard;

/// <summary>A policy of the application, or a handler of it, has thrown. Its message is for the log only.</summary>
internal sealed class PolicyFailedException(Exception cause)
    : Exception("A policy of the application has failed.", cause);
