using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.History;

/// <summary>Explanations and pages are written and read as JSON, like snapshots, also without reflection.</summary>
public partial class HistoryJsonTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_written_can_be_read(bool isHistoryJson)
    {
        using var host = LoopHost.Run(services =>
            services.AddRecurringTask("t", (_, _) => throw new FormatException("x")).Every(10.Seconds));
        host.Advance(25.Seconds);
        var options = isHistoryJson ? HistoryJson.Default.Options : JsonSerializerOptions.Web;
        var (explanation, page) = (host.Explain("t", 10), host.Query(new() { PageSize = 2 }));

        var written = JsonSerializer.Serialize(explanation, options);
        Assert.Equal(explanation, JsonSerializer.Deserialize<SlotExplanation>(written, options));
        Assert.Contains("\"Failed\"", written);
        var read = JsonSerializer.Deserialize<HistoryPage>(JsonSerializer.Serialize(page, options), options)!;
        Assert.Equal(page.Entries, read.Entries);
        Assert.Equal(page.Cursor, read.Cursor);
    }

    [JsonSerializable(typeof(SlotExplanation))]
    [JsonSerializable(typeof(HistoryPage))]
    private sealed partial class HistoryJson : JsonSerializerContext;
}
