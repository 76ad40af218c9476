namespace SafeLoop.Tool;

/// <summary>An object that is alive without any other object, and why.</summary>
/// <param name="Node">The object.</param>
/// <param name="Kind">What keeps it alive.</param>
/// <param name="Name">
/// Of a static field: the class and the field, <c>?.field</c> where the class is not known. Of a stack: the method. Null where
/// it is not known.
/// </param>
/// <param name="Module">Index of the module of that class; -1 where it is not known.</param>
/// <param name="Method">Of a stack: the runtime's number of the method, until it has a name.</param>
internal readonly record struct HeapRoot(int Node, RootKind Kind, string? Name = null, int Module = -1, ulong Method = 0);
