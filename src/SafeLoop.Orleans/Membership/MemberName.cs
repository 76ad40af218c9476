using System.Globalization;
using System.Text.RegularExpressions;

namespace SafeLoop;

/// <summary>Selects the name of a member. Where it survives a restart, the member gets its former shards back.</summary>
internal static partial class MemberName
{
    /// <summary>
    /// The name of the silo where the application or Kubernetes has set it, otherwise host and port.
    /// </summary>
    /// <param name="silo">The name of the silo.</param>
    /// <param name="host">The name of its machine. Pods of a StatefulSet keep it.</param>
    /// <param name="port">The port on which other silos reach it.</param>
    public static string Select(string? silo, string host, int port) => string.IsNullOrWhiteSpace(silo) || IsGenerated(silo)
        ? string.Create(CultureInfo.InvariantCulture, $"{host}:{port}")
        : silo;

    // Orleans gives a silo without a name a random one, which is another one after each start.
    private static bool IsGenerated(string silo) => Generated().IsMatch(silo);

    [GeneratedRegex("^Silo_[0-9a-f]{5}$", RegexOptions.CultureInvariant)]
    private static partial Regex Generated();
}
