using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Samples.Tests.Processes;

/// <summary>A built sample, running as the process a user would start. Killed by its id, if it is still there, at the end of the test.</summary>
internal sealed class SampleProcess : IDisposable
{
    /// <summary>For what takes a moment on an idle machine and longer on a busy one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private SampleProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <param name="sample">The assembly's name. It stands beside the tests, built by their project reference.</param>
    /// <param name="directory">Where it runs; nothing of the repository is found there.</param>
    /// <param name="args">Its command line.</param>
    public static SampleProcess Start(string sample, string directory, params string[] args)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, sample + ".dll");
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

        // Tests started in the background by a shell ignore SIGINT, and so would their children, as their users would want them to.
        return new SampleProcess(Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", dotnet, assembly, .. args])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Waits for a line of its output.</summary>
    public async Task<string> LineAsync(Func<string, bool> isIt)
    {
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
        {
            if (isIt(line))
                return line;
        }

        throw new InvalidOperationException($"The process ended without the line. It wrote:\n{_output}\n{await _errors}");
    }

    public void Send(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<Ended> EndAsync(TimeSpan? within = null)
    {
        await Task.WhenAll(_process.WaitForExitAsync(), _reading, _errors).WaitAsync(within ?? Limit);
        return new Ended(_process.ExitCode, _output.ToString(), await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _output.AppendLine(line);
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }

    /// <summary>What a process left behind.</summary>
    internal sealed record Ended(int ExitCode, string Output, string Errors);
}
