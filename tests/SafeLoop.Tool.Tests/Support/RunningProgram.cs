using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace SafeLoop.Tool.Tests.Support;

/// <summary>A running program. Killed by its id, if it is still there, at the end of the test.</summary>
internal sealed class RunningProgram : IDisposable
{
    public static readonly string Dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private readonly StringBuilder _errorText = new();
    private readonly Channel<string> _errorLines = Channel.CreateUnbounded<string>();
    private readonly Task _errors;

    private RunningProgram(Process process)
    {
        _process = process;
        _errors = ReadAsync(process.StandardError, _errorText, _errorLines.Writer);
        _reading = ReadAsync(process.StandardOutput, _output, _lines.Writer);
    }

    public int Id => _process.Id;

    public static RunningProgram Start(
        string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? directory = null)
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
        return new RunningProgram(Process.Start(start)!);
    }

    public static RunningProgram StartDotnet(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null,
        string? directory = null) =>
        Start(Dotnet, [assembly, .. arguments], environment, directory);

    /// <summary>Waits for a line of its output.</summary>
    public Task<string> LineAsync(Func<string, bool> isIt) => LineAsync(_lines.Reader, isIt, "a line of its output");

    /// <summary>Waits for words in what it says beside its output.</summary>
    public Task<string> ErrorAsync(string words) =>
        LineAsync(_errorLines.Reader, line => line.Contains(words, StringComparison.Ordinal), $"'{words}'");

    public Task SayAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    public void Kill() => _process.Kill();

    public void Send(string signal)
    {
        using var kill = Process.Start(
            "kill", ["-" + signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<Ended> EndAsync()
    {
        await WaitAsync(Task.WhenAll(_process.WaitForExitAsync(), _reading, _errors), "its end");
        return new Ended(_process.ExitCode, _output.ToString(), _errorText.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private Task WaitAsync(Task awaited, string what) =>
        Patience.WaitAsync(awaited, _process, () => _output.Length + _errorText.Length, what);

    private async Task<string> LineAsync(ChannelReader<string> lines, Func<string, bool> isIt, string what)
    {
        var found = FindAsync();
        await WaitAsync(found, what);
        if (await found is { } line)
            return line;

        await WaitAsync(Task.WhenAll(_reading, _errors), "its last words");
        throw new InvalidOperationException($"The program ended without the line. It wrote:\n{_output}\n{_errorText}");

        async Task<string?> FindAsync()
        {
            await foreach (var each in lines.ReadAllAsync())
            {
                if (isIt(each))
                    return each;
            }
            return null;
        }
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder text, ChannelWriter<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            lines.TryWrite(line);
        }

        lines.Complete();
    }
}
