namespace SafeLoop.Dashboard.Tests;

/// <summary>Reads server-sent events one by one, while the time of the host passes.</summary>
internal sealed class EventReader(DashboardHost host, HttpResponseMessage response, StreamReader lines) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // only for hangs

    /// <summary>The id of the last event.</summary>
    public string? LastId { get; private set; }

    /// <summary>How often the server has said that it is still here; such events are passed over.</summary>
    public int Signs { get; private set; }

    public static async Task<EventReader> OpenAsync(DashboardHost host, string? lastId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/loops/api/events");
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(host, response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event as text: its name and its data.</summary>
    public async Task<string> NextAsync()
    {
        var reading = ReadAsync();
        for (var second = 0; second < 300 && !reading.IsCompleted; second++)
        {
            for (var yields = 0; yields < 50 && !reading.IsCompleted; yields++)
                await Task.WhenAny(reading, Task.Run(Thread.Yield)); // what is on its way in the pool arrives
            await host.Time.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
        return await reading.WaitAsync(Patience);
    }

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }

    private async Task<string> ReadAsync()
    {
        var (name, data) = ("", "");
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                LastId = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
            else if (line.Length == 0 && name == "here")
                (name, Signs) = ("", Signs + 1);
            else if (line.Length == 0 && name.Length > 0)
                return $"{name} {data}";
        }
        return "the end";
    }
}
