namespace SafeLoop.Tool;

/// <summary>The type of a field in a generic class, with holes where the class's parameters stand.</summary>
/// <param name="Name">The full name; <see cref="Any"/> for a parameter, <see cref="FieldTypes.Array"/> for an array.</param>
/// <param name="Arguments">Of a generic type.</param>
internal sealed record TypePattern(string Name, IReadOnlyList<TypePattern> Arguments)
{
    public const string Any = "?";

    /// <summary>Says something about the value: not just a parameter, or an array of it.</summary>
    public bool IsTelling => Name is not (Any or FieldTypes.Array or FieldTypes.NoObject or "System.Object" or "System.String");
}
