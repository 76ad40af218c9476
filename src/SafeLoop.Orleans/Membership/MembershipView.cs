namespace SafeLoop;

/// <summary>The hosts that the cluster reports as active.</summary>
/// <param name="Active">Their addresses.</param>
/// <param name="IsDead">True when the cluster has declared this host dead. It must stop its loops then.</param>
internal sealed record MembershipView(IReadOnlySet<string> Active, bool IsDead);
