using System.Text.Json.Serialization;

namespace SafeLoop;

/// <summary>How a snapshot is written, known without reflection.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RecurringTaskSnapshot))]
internal sealed partial class SnapshotJsonContext : JsonSerializerContext;
