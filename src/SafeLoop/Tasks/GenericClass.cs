using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>Closes generic classes as the container does.</summary>
internal static class GenericClass
{
    private const int Deepest = 10;

    /// <summary>Closes a class with the type arguments of a service.</summary>
    /// <param name="type">The class of a registration, generic or not.</param>
    /// <param name="service">The service that is resolved.</param>
    /// <returns>
    /// The closed class, or null when its constraints exclude the type arguments. Under Native AOT, <paramref name="type"/>
    /// itself.
    /// </returns>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2055", Justification = "The container closes the same class with the same type arguments.")]
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public static Type? Close(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, Type service)
    {
        if (!RuntimeFeature.IsDynamicCodeSupported || !type.IsGenericTypeDefinition || !service.IsConstructedGenericType)
            return type;
        try
        {
            return type.MakeGenericType(service.GenericTypeArguments);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>True when type arguments are nested deeper than a program writes them.</summary>
    public static bool IsDeep(Type type) => IsDeep(type, Deepest);

    private static bool IsDeep(Type type, int levels) =>
        levels == 0
        || (type.HasElementType && IsDeep(type.GetElementType()!, levels - 1))
        || Array.Exists(type.GenericTypeArguments, argument => IsDeep(argument, levels - 1));
}
