namespace SafeLoop.Tool;

/// <summary>Roots as the report names them.</summary>
internal static class RootNames
{
    public const string Stack = "a thread's stack";

    private const string Unknown = "?.";

    public const string Finalizer = "finalizer queue";

    public static string Of(HeapRoot root) => root.Kind switch
    {
        RootKind.Static => "static " + (root.Name!.StartsWith(Unknown, StringComparison.Ordinal)
            ? Unknown + DeclaredTypes.Property(root.Name[Unknown.Length..]) : root.Name),
        RootKind.ThreadStatic => "static of a thread",
        RootKind.StaticTable => root.Name is { } field ? "static " + field : "static without a name",
        RootKind.Handle => "GC handle",
        RootKind.Stack => root.Name is { } method ? "stack of " + method : Stack,
        RootKind.Finalizer => Finalizer,
        _ => "unknown root",
    };
}
