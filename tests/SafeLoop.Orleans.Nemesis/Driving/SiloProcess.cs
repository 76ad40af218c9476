using System.Diagnostics;
using System.Globalization;
using ClusterNemesis.Judging;
using LocalServers;

namespace ClusterNemesis.Driving;

/// <summary>
/// A silo's networks and clock, and its process. When the process is gone, the next one takes its place.
/// </summary>
internal sealed class SiloProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _name;
    private readonly string _store;
    private readonly Judge _judge;
    private readonly Broken _broken;
    private readonly int _listening = LocalServer.FreePort();
    private Process? _process;
    private TimeSpan _shift;
    private int _life;

    public SiloProcess(
        string name, string store, LocalServer shards, LocalServer members, Judge judge, Broken broken, TimeSpan shift)
    {
        (_name, _store, _judge, _broken, _shift) = (name, store, judge, broken, shift);
        (Store, Members, Silos) = (new(shards.Port), new(members.Port), new(_listening));
    }

    /// <summary>Its connections to the store of the shards.</summary>
    public TcpProxy Store { get; }

    /// <summary>Its connections to the table of the members.</summary>
    public TcpProxy Members { get; }

    /// <summary>The connections of other silos to it.</summary>
    public TcpProxy Silos { get; }

    public string Life => string.Create(CultureInfo.InvariantCulture, $"{_name}.{_life}");

    public bool IsRunning => _process is { HasExited: false };

    public void Start()
    {
        _life++;
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "SafeLoop.Orleans.Nemesis.dll"), "silo", _store,
            Text(Store.Port), Text(Members.Port), Text(_judge.Port), Life, Text(Silos.Port), Text(_listening),
            _shift.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), _broken.ToString(),
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
        _judge.Shift(Life, to);
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, Text(_process!.Id)]);
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
        await WaitUntilStartedAsync();
        Signal("TERM");
        try
        {
            await Patience.WaitAsync(_process!.WaitForExitAsync(), _process, written: () => 0, "the end of a silo");
            _judge.Note(EntryKind.Exit, Life, Text(_process.ExitCode));
        }
        catch (TimeoutException error)
        {
            _judge.Note(EntryKind.Exit, Life, error.Message);
            await KillAsync();
        }
    }

    // A process that is asked to stop before its host has started ends with an error, as any .NET host does.
    private async Task WaitUntilStartedAsync()
    {
        var since = _judge.Now;
        while (_judge.Now - since < StartLimit
            && !_judge.Log.Any(entry => entry.Kind is EntryKind.Started && entry.Silo == Life))
        {
            if (!IsRunning)
                Start();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            _process.Kill();
        _process?.Dispose();
        Store.Dispose();
        Members.Dispose();
        Silos.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
