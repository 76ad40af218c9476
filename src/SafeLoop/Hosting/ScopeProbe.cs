namespace SafeLoop;

/// <summary>A scoped service that is never needed: a container that validates scopes refuses it outside of one.</summary>
internal sealed class ScopeProbe;
