namespace SafeLoop.Tool;

/// <summary>A static field as an assembly declares it.</summary>
/// <param name="Name">Its name in the metadata.</param>
/// <param name="DisplayName">The class and the field as the source names them.</param>
/// <param name="Module">Index of the module.</param>
/// <param name="Type">What its value must be, see <see cref="FieldTypes"/>.</param>
internal sealed record StaticField(string Name, string DisplayName, int Module, string? Type);
