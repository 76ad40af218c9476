using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>A way from a method back to itself: where in its own code it begins.</summary>
internal sealed record SelfCall(MethodDefinitionHandle Body, int Offset);
