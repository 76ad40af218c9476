using System.Diagnostics;
using System.Threading.Channels;

namespace Samples.Tests.Support;

/// <summary>A sample running as a process of its own. It is killed, by its id, when the test is over.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task<string> _errors;

    private SampleProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _ = ReadAsync();
    }

    /// <param name="sample">The name of its assembly, which is built beside the tests.</param>
    /// <param name="arguments">The command line.</param>
    public static SampleProcess Start(string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        return new SampleProcess(Process.Start(start)!);
    }

    /// <summary>Reads up to the first line that contains the text.</summary>
    public async Task<string> WaitForLineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }
        throw new InvalidOperationException($"The process ended without a line that contains '{text}'. It complained: {await _errors}");
    }

    public void Send(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>What was not read yet, once it has ended.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Patience);
        await _process.WaitForExitAsync(limit.Token);
        var output = new List<string>();
        await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
            output.Add(line);
        return (_process.ExitCode, string.Join('\n', output), await _errors);
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
            _lines.Writer.TryWrite(line);
        _lines.Writer.Complete();
    }
}
