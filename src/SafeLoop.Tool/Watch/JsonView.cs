using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeLoop.Tool;

/// <summary>One JSON object a line: moments, alerts, reports, problems.</summary>
internal sealed class JsonView(TextWriter output) : IWatchView
{
    public void Moment(DateTimeOffset at, Measures measures) => Write("moment", at, ("measures", Of(measures)));

    public void Alert(Rule rule, DateTimeOffset at, Measures measures) =>
        Write("alert", at, ("rule", rule.Text), ("measures", Of(measures)));

    public void Report(LeakReport report, string? file) =>
        Write("report", report.Origin.TakenAt, ("file", file),
            ("report", JsonSerializer.SerializeToNode(report, JsonReport.Default.LeakReport)));

    public void Problem(string sentence) => Write("problem", TimeProvider.System.GetUtcNow(), ("sentence", sentence));

    private void Write(string type, DateTimeOffset at, params ReadOnlySpan<(string Name, JsonNode? Value)> properties)
    {
        var line = new JsonObject { ["type"] = type, ["at"] = at };
        foreach (var (name, value) in properties)
            line[name] = value;
        output.WriteLine(line.ToJsonString());
    }

    private static JsonObject Of(Measures measures) =>
        new(measures.Values.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)JsonValue.Create(one.Value))));
}
