using System.Diagnostics;
using System.Globalization;
using LocalServers;
using Nemesis.Judging;

namespace Nemesis.Driving;

/// <summary>
/// A replica's network and clock, and its process. When the process is gone, the next one takes its place.
/// </summary>
internal sealed class WorkerProcess(string name, string store, LocalServer server, Judge judge, Broken broken, TimeSpan shift)
    : IDisposable
{
    private Process? _process;
    private TimeSpan _shift = shift;
    private int _life;

    public TcpProxy Network { get; } = new(server.Port);

    public string Life => string.Create(CultureInfo.InvariantCulture, $"{name}.{_life}");

    public void Start()
    {
        _life++;
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "SafeLoop.Locks.Nemesis.dll"), "worker", store,
            Network.Port.ToString(CultureInfo.InvariantCulture), judge.Port.ToString(CultureInfo.InvariantCulture), Life,
            _shift.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), broken.ToString(),
        ];
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _process = Process.Start(new ProcessStartInfo(dotnet, arguments)
        {
            Environment = { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0" },
        })!;
    }

    public void Shift(TimeSpan to)
    {
        _shift = to;
        judge.Shift(Life, to);
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it as an orchestrator does, and waits until it has stopped.</summary>
    public async Task StopAsync()
    {
        Signal("TERM");
        try
        {
            await Patience.WaitAsync(_process!.WaitForExitAsync(), _process, written: () => 0, "the end of a worker");
            judge.Note(EntryKind.Exit, Life, _process.ExitCode.ToString(CultureInfo.InvariantCulture));
        }
        catch (TimeoutException error)
        {
            judge.Note(EntryKind.Exit, Life, error.Message);
            await KillAsync();
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            _process.Kill();
        _process?.Dispose();
        Network.Dispose();
    }
}
