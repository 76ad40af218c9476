namespace SafeLoop;

/// <summary>A host of the cluster has not replied. Whether it has executed the request is unknown.</summary>
internal sealed class MemberUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
