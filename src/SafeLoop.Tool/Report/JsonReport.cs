using System.Text.Json;
using System.Text.Json.Serialization;

namespace SafeLoop.Tool;

/// <summary>The report for programs. docs/diagnosing-leaks.md describes every property.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LeakReport))]
[JsonSerializable(typeof(Comparison))]
[JsonSerializable(typeof(IReadOnlyList<ListedProcess>))]
[JsonSerializable(typeof(SnapshotOrigin))]
[JsonSerializable(typeof(HeapType[]))]
[JsonSerializable(typeof(HeapModule[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class JsonReport : JsonSerializerContext
{
    public static string Of(LeakReport report) => JsonSerializer.Serialize(report, Default.LeakReport);

    public static string Of(Comparison comparison) => JsonSerializer.Serialize(comparison, Default.Comparison);

    public static string Of(IReadOnlyList<ListedProcess> processes) =>
        JsonSerializer.Serialize(processes, Default.IReadOnlyListListedProcess);
}
