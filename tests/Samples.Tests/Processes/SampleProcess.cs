using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace Samples.Tests.Processes;

/// <summary>
/// A built sample, running as the process a user would start. Killed by its id, if it is still there, at the end of the test.
/// </summary>
internal sealed class SampleProcess : IDisposable
{
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

        // Tests started in the background by a shell ignore SIGINT, and so would their children, as
        // their users would want them to.
        return new SampleProcess(Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", dotnet, assembly, .. args])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>Waits until each of the patterns has matched a line of its output, in whatever order.</summary>
    public Task LinesAsync(params string[] patterns)
    {
        var missing = patterns.ToList();
        return LineAsync(line => missing.RemoveAll(pattern => Regex.IsMatch(line, pattern)) > 0 && missing.Count == 0);
    }

    /// <summary>Waits for a line of its output.</summary>
    public async Task<string> LineAsync(Func<string, bool> isIt)
    {
        var found = FindAsync();
        await WaitAsync(found, "a line of its output");
        if (await found is { } line)
            return line;

        throw new InvalidOperationException($"The process ended without the line. It wrote:\n{_output}\n{await _errors}");

        async Task<string?> FindAsync()
        {
            await foreach (var each in _lines.Reader.ReadAllAsync())
            {
                if (isIt(each))
                    return each;
            }
            return null;
        }
    }

    public void Send(string signal)
    {
        using var kill = Process.Start(
            "kill", ["-" + signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<Ended> EndAsync()
    {
        await WaitAsync(Task.WhenAll(_process.WaitForExitAsync(), _reading, _errors), "its end");
        return new Ended(_process.ExitCode, _output.ToString(), await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private Task WaitAsync(Task awaited, string what) => Patience.WaitAsync(awaited, _process, () => _output.Length, what);

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
