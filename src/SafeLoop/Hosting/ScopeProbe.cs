namespace SafeLoop;

/// <summary>
/// A scoped service for one test: a container that validates scopes refuses to resolve it from the root.
/// </summary>
internal sealed class ScopeProbe;
