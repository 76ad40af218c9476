using System.Diagnostics;
using System.Globalization;

namespace Replicas;

/// <summary>A replica as a process of its own, whose lines go into those of all.</summary>
internal sealed class ReplicaProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    public ReplicaProcess(string name, string connectionString, Lines lines)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, [typeof(ReplicaProcess).Assembly.Location, "replica", name, connectionString]) { RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _reading = ReadAsync(_process.StandardOutput, lines);
    }

    /// <summary>As a power cut would end it.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return EndAsync();
    }

    /// <summary>As an orchestrator ends it.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
        await EndAsync();
    }

    public void Dispose() => _process.Dispose();

    private Task EndAsync() => Task.WhenAll(_process.WaitForExitAsync(), _reading);

    private static async Task ReadAsync(StreamReader output, Lines lines)
    {
        while (await output.ReadLineAsync() is { } line)
            lines.Write(line);
    }
}
