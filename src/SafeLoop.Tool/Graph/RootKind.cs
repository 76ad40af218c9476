namespace SafeLoop.Tool;

/// <summary>
/// What keeps an object alive without any other object. A path prefers the first of these that reaches it: a static
/// field says more than the stack that happens to use the same object, and a preference that does not change keeps
/// paths equal between captures.
/// </summary>
internal enum RootKind : byte
{
    /// <summary>A static field. Its name is that of the class and the field.</summary>
    Static,

    /// <summary>A static field of a thread.</summary>
    ThreadStatic,

    /// <summary>
    /// A slot in the table of a module's statics that the runtime does not name: a generic class's field, a literal.
    /// </summary>
    StaticTable,

    /// <summary>A GC handle.</summary>
    Handle,

    /// <summary>A variable of a method that runs.</summary>
    Stack,

    /// <summary>The queue of objects whose finalizer is to run.</summary>
    Finalizer,

    /// <summary>It is alive, but the capture does not say why.</summary>
    Unknown,
}
