using System.Diagnostics;
using System.Globalization;
using SafeLoop.Cluster.Nodes;

namespace SafeLoop.Cluster.Running;

/// <summary>One of the processes that are measured.</summary>
internal sealed class NodeProcess : IDisposable
{
    public const string Argument = "--node";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private NodeProcess(NodeSettings settings)
    {
        Name = settings.Name;
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] arguments = [Argument, settings.ToJson()];
        _process = Process.Start(
            new ProcessStartInfo(program, isHost ? [typeof(NodeProcess).Assembly.Location, .. arguments] : arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
    }

    public string Name { get; }

    /// <summary>True while it should run loops: it was neither told to stop nor frozen.</summary>
    public bool IsLive { get; private set; } = true;

    /// <summary>The CPU time it has used, from <c>/proc/PID/stat</c>.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a process and waits until its host has started.</summary>
    public static async Task<NodeProcess> StartAsync(NodeSettings settings)
    {
        var process = new NodeProcess(settings);
        await process.ReadAsync();
        return process;
    }

    public async Task<string> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    /// <summary>The heap that is in use.</summary>
    public async Task<long> ReadHeapAsync() => long.Parse(await AskAsync(NodeCommand.Heap), CultureInfo.InvariantCulture);

    /// <summary>Ends the process without warning, like a power cut.</summary>
    public Task KillAsync()
    {
        IsLive = false;
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>Ends the process with SIGTERM, like an orchestrator.</summary>
    public async Task StopAsync()
    {
        IsLive = false;
        await SignalAsync("TERM");
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops the process where it is (SIGSTOP).</summary>
    public Task FreezeAsync()
    {
        IsLive = false;
        return SignalAsync("STOP");
    }

    /// <summary>Lets a frozen process go on.</summary>
    public Task ThawAsync()
    {
        IsLive = true;
        return SignalAsync("CONT");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException($"The process '{Name}' has ended. See what it wrote to the standard error.");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
