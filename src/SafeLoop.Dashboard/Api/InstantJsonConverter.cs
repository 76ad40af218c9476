using System.Text.Json;
using System.Text.Json.Serialization;

namespace SafeLoop.Dashboard;

/// <summary>Reads instants that have an offset. One without would depend on the time zone of the machine.</summary>
internal sealed class InstantJsonConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && InstantText.TryRead(reader.GetString()!, out var value)
            ? value!.Value
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
