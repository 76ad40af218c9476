namespace SafeLoop;

/// <summary>Why the container cannot build a service, or should not.</summary>
internal enum ServiceFault
{
    /// <summary>It is not registered.</summary>
    NotRegistered,

    /// <summary>Its class has no public constructor.</summary>
    NoConstructor,

    /// <summary>Two constructors can be called, and neither has all parameters of the other.</summary>
    Ambiguous,

    /// <summary>It needs itself.</summary>
    Circular,

    /// <summary>It lives as long as a scope. A fault only where it is asked for outside of one.</summary>
    Scoped,

    /// <summary>It is a singleton and needs a scoped service, which a container that validates scopes refuses.</summary>
    Captive,
}
