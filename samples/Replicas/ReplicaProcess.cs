using System.Diagnostics;
using System.Globalization;

namespace Replicas;

/// <summary>A replica in its own process. Its output goes to <see cref="Lines"/>.</summary>
internal sealed class ReplicaProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    public ReplicaProcess(string name, string connectionString, Lines lines)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] arguments = [typeof(ReplicaProcess).Assembly.Location, "replica", name, connectionString];
        _process = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true })!;
        _reading = ReadAsync(_process.StandardOutput, lines);
    }

    /// <summary>Ends the process without warning, like a power cut.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return EndAsync();
    }

    /// <summary>Ends the process with SIGTERM, like an orchestrator.</summary>
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
