using System.Reflection;

namespace SafeLoop;

/// <summary>Reads the entry assembly of the application.</summary>
internal static class EntryAssembly
{
    /// <summary>Its informational version; null: unknown.</summary>
    public static string? Version =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
