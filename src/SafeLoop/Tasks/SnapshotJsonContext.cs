using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>Metadata for serializing a snapshot without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RecurringTaskSnapshot))]
internal sealed partial class SnapshotJsonContext : JsonSerializerContext;
