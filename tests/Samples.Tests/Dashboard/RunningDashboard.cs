using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LocalServers;
using Samples.Tests.Processes;
using Samples.Tests.Support;

namespace Samples.Tests.Dashboard;

/// <summary>The sample as a user starts it, and a Prometheus that scrapes it.</summary>
public sealed class RunningDashboard : IAsyncLifetime, IDisposable
{
    public static readonly string Ops = Path.Combine(FindRoot(), "ops");

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FindFreePort();
    private SampleProcess? _sample;
    private PrometheusServer? _prometheus;

    public HttpClient Client { get; } = new();

    public async Task InitializeAsync()
    {
        Client.BaseAddress = new($"http://127.0.0.1:{_port}");
        _sample = SampleProcess.Start(
            "Dashboard",
            _directory.Root,
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--database", _directory.File("loops.db"));
        await _sample.LineAsync(line => line.StartsWith("Open http://127.0.0.1:", StringComparison.Ordinal));
    }

    /// <summary>Starts Prometheus, if it is not running, and sends a query to its API.</summary>
    public async Task<JsonElement> AskPrometheusAsync(string path)
    {
        if (_prometheus is null)
        {
            _prometheus = new($"127.0.0.1:{_port}", Path.Combine(Ops, "prometheus", "safeloop.rules.yml"));
            _prometheus.Start();
        }
        using var answer = await Client.GetAsync(new Uri($"http://127.0.0.1:{_prometheus.Port}/api/v1/{path}"));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.True(json.RootElement.GetProperty("status").GetString() == "success", $"{path}: {json.RootElement}");
        return json.RootElement.GetProperty("data").Clone();
    }

    public Task DisposeAsync()
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        if (_sample is null)
            return;
        _prometheus?.Dispose();
        _sample.Dispose();
        _sample = null;
        Client.Dispose();
        _directory.Dispose();
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SafeLoop.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests are not in the repository.");
        return folder;
    }
}
