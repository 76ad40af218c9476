namespace SafeLoop;

/// <summary>
/// A scoped service that detects scope validation: a container that validates scopes does not resolve it from the root.
/// </summary>
internal sealed class ScopeProbe;
