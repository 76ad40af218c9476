using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SafeLoop;

/// <summary>Writes a <see cref="RecurringTaskHandle"/> as its snapshot. System.Text.Json finds this converter itself.</summary>
/// <remarks>Public because the JSON source generator creates it from your assembly.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class RecurringTaskHandleJsonConverter : JsonConverter<RecurringTaskHandle>
{
    // The caller's options may have no metadata for snapshots, so this adds its own and keeps the caller's other rules.
    private static readonly ConditionalWeakTable<JsonSerializerOptions, JsonTypeInfo> Snapshots = [];

    /// <summary>Not supported.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override RecurringTaskHandle Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException(
            "A RecurringTaskHandle is written to JSON as its snapshot and cannot be read back. "
            + "Find the task by its name with IRecurringTasks.");

    /// <summary>Writes the snapshot of <paramref name="value"/>.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="value">The handle.</param>
    /// <param name="options">The naming policy and all other rules for writing.</param>
    public override void Write(Utf8JsonWriter writer, RecurringTaskHandle value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(value);
        JsonSerializer.Serialize(writer, value.Snapshot(), Snapshots.GetValue(options, InfoFor));
    }

    private static JsonTypeInfo InfoFor(JsonSerializerOptions options) =>
        new JsonSerializerOptions(options) { TypeInfoResolver = new SnapshotJsonContext() }
            .GetTypeInfo(typeof(RecurringTaskSnapshot));
}
