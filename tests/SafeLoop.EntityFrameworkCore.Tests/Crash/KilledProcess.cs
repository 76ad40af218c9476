using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>One process of a replica, from its start to its SIGKILL. It ends with the process that has started it.</summary>
internal sealed class KilledProcess : IDisposable
{
    // The kernel ends a process at once, unless it waits for a disk.
    private static readonly TimeSpan Ends = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    public KilledProcess(string name, string kind, string connection, int speed)
    {
        Name = name;
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "SafeLoop.EntityFrameworkCore.Tests.dll"), "worker", kind, connection, name,
            speed.ToString(CultureInfo.InvariantCulture),
        ];
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Each lives for seconds only: code that is compiled a second time would gain it nothing.
            Environment = { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCounting"] = "0" },
        };
        _process = Process.Start(start)!;
        Id = _process.Id;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The replica and the number of its process, such as "0.3".</summary>
    public string Name { get; }

    public int Id { get; }

    /// <summary>Why it has ended although it was not killed; null: it is running.</summary>
    public string? Failure
    {
        get
        {
            if (!_process.HasExited)
                return null;
            lock (_errors)
                return $"process {Name} has ended by itself, with {_process.ExitCode}: {_errors}";
        }
    }

    /// <summary>Kills it, and waits until it has ended.</summary>
    public async Task KillAsync()
    {
        _process.Kill(); // SIGKILL
        await _process.WaitForExitAsync().WaitAsync(Ends);
    }

    public void Dispose() => _process.Dispose();

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_errors)
            _errors.AppendLine(line);
    }
}
