namespace SafeLoop;

/// <summary>Why the container cannot build a service, or should not.</summary>
internal enum ServiceFault
{
    /// <summary>It is not registered.</summary>
    NotRegistered,

    /// <summary>Its class has no public constructor.</summary>
    NoConstructor,

    /// <summary>Its class is generic, and its constraints exclude the type arguments.</summary>
    Constraint,

    /// <summary>Two constructors can be called, and neither has all parameters of the other.</summary>
    Ambiguous,

    /// <summary>It needs itself.</summary>
    Circular,

    /// <summary>It is scoped. A fault only when it is resolved outside of a scope.</summary>
    Scoped,

    /// <summary>It is a singleton that needs a scoped service. A container that validates scopes refuses it.</summary>
    Captive,
}
