using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace SafeLoop.Tool.Tests.Support;

/// <summary>A running program. Killed by its id, if it is still there, at the end of the test.</summary>
internal sealed class Program : IDisposable
{
    /// <summary>For what takes a moment on an idle machine and longer on a busy one.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private readonly Task<string> _errors;

    private Program(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    public int Id => _process.Id;

    public static Program Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new Program(Process.Start(start)!);
    }

    public static Program StartDotnet(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null) =>
        Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly, .. arguments], environment, directory);

    /// <summary>Waits for a line of its output.</summary>
    public async Task<string> LineAsync(Func<string, bool> isIt)
    {
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
        {
            if (isIt(line))
                return line;
        }

        throw new InvalidOperationException($"The program ended without the line. It wrote:\n{_output}\n{await _errors}");
    }

    public Task SayAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    public void Kill() => _process.Kill();

    public async Task<Ended> EndAsync()
    {
        await Task.WhenAll(_process.WaitForExitAsync(), _reading, _errors).WaitAsync(Limit);
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
}
