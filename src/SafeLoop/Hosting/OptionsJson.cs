using System.Text;
using System.Text.Json;

namespace SafeLoop;

/// <summary>Settings as JSON, in the form of a configuration file.</summary>
internal static class OptionsJson
{
    private static readonly JsonDocumentOptions AsInConfiguration = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <param name="json">An object of settings.</param>
    /// <param name="problem">Why it cannot be read; null: it can.</param>
    public static IReadOnlyList<ConfiguredSetting> Read(string json, out string? problem)
    {
        try
        {
            using var document = JsonDocument.Parse(json, AsInConfiguration);
            problem = null;
            if (document.RootElement.ValueKind is JsonValueKind.Object)
                return [.. document.RootElement.EnumerateObject().Select(member => ToSetting(NameOf(member), member.Value))];
            problem = "the options are no JSON object. Write settings as in configuration: { \"Every\": \"00:00:05\" }";
            return [];
        }
        catch (JsonException error)
        {
            problem = $"the options are not valid JSON: {error.Message.TrimEnd('.')}";
            return [];
        }
        catch (ArgumentException) // text that is no UTF-16
        {
            problem = "the options have half of a character (a surrogate without the other). Remove it";
            return [];
        }
    }

    /// <param name="settings">The names, with a colon between group and member, and their values.</param>
    public static string Write(IEnumerable<(string Name, string? Value)> settings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var group in settings.GroupBy(setting => setting.Name.Split(':')[0]))
            {
                if (group.First().Name == group.Key)
                {
                    json.WriteString(group.Key, group.First().Value);
                    continue;
                }
                json.WriteStartObject(group.Key);
                foreach (var (name, value) in group)
                    json.WriteString(name[(group.Key.Length + 1)..], value);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static ConfiguredSetting ToSetting(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new(
            name, null, [.. value.EnumerateObject().Select(member => ToSetting($"{name}:{NameOf(member)}", member.Value))]),
        JsonValueKind.Array => new(name, null, [.. value.EnumerateArray().Select((_, at) => new ConfiguredSetting(
            $"{name}:{at}", null, []))]),
        JsonValueKind.Null => new(name, null, []),
        _ => new(name, Unescape(name, value, static value => value.ToString()), []),
    };

    private static string NameOf(JsonProperty member) => Unescape("a name", member, static member => member.Name);

    private static string Unescape<T>(string what, T text, Func<T, string> read)
    {
        try
        {
            return read(text);
        }
        catch (InvalidOperationException) // an escaped surrogate without the other
        {
            throw new JsonException($"{what} has half of a character (a surrogate without the other). Remove it");
        }
    }
}
