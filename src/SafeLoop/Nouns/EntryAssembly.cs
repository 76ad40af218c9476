using System.Reflection;

namespace SafeLoop;

/// <summary>The application, as people know it.</summary>
internal static class EntryAssembly
{
    /// <summary>Its informational version; null: unknown.</summary>
    public static string? Version =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
