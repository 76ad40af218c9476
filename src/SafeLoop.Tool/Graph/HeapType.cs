namespace SafeLoop.Tool;

/// <summary>A type of objects on the heap.</summary>
/// <param name="Name">With its namespace, but of a nested type the last part alone, and without type
/// parameters: <c>AsyncStateMachineBox</c>.</param>
/// <param name="Module">Index of the module it is defined in, -1 when that is not known.</param>
/// <param name="Token">Its row in the module's metadata, 0 when that is not known.</param>
/// <param name="Arguments">Indexes of the type arguments; -1 for one that is not known.</param>
internal sealed record HeapType(string Name, int Module, int Token, int[] Arguments)
{
    public static readonly HeapType Unknown = new("(unknown)", -1, 0, []);
}
