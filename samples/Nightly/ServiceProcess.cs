using System.Diagnostics;

namespace Nightly;

/// <summary>The service in its own process. Its output goes to the console.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;

    public ServiceProcess()
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] arguments = [typeof(ServiceProcess).Assembly.Location, "service"];
        _process = Process.Start(new ProcessStartInfo(dotnet, arguments)
        {
            RedirectStandardInput = true, // its end stops the service, also when this process is killed
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Copies its output to the console, up to a line that ends with the given text.</summary>
    public async Task WaitForAsync(string text, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            Console.WriteLine(line);
            if (line.EndsWith(text, StringComparison.Ordinal))
                return;
        }
        throw new InvalidOperationException($"The service ended before it wrote '{text}'.");
    }

    /// <summary>Ends the process without warning, like a power cut.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>Lets the service stop by itself.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            Console.WriteLine(line);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
