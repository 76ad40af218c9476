using System.Diagnostics;
using System.Globalization;

namespace ClusterSample;

/// <summary>A silo in its own process.</summary>
internal sealed class SiloProcess(SiloSettings settings) : IDisposable
{
    private readonly Process _process = Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [typeof(SiloProcess).Assembly.Location, "silo", .. settings.ToArguments()]))!;

    public string Name => settings.Name;

    public bool IsRunning => !_process.HasExited;

    /// <summary>Ends the process without warning, like a power cut.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>Ends the process with SIGTERM, like an orchestrator.</summary>
    public async Task StopAsync()
    {
        if (IsRunning)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (IsRunning)
            _process.Kill();
        _process.Dispose();
    }
}
