using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nemesis.Working;

/// <summary>The line of a process to the judge: reports what happens, and asks for each write.</summary>
internal sealed class JudgeClient : IDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };
    private readonly StreamWriter _writer;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<bool>> _asked = new();
    private readonly ShiftedTime _time;
    private int _questions;

    public JudgeClient(int port, string process, ShiftedTime time)
    {
        _time = time;
        _connection.Connect(IPAddress.Loopback, port);
        _writer = new StreamWriter(_connection.GetStream()) { AutoFlush = true };
        Send($"hello {process}");
        _ = ListenAsync();
    }

    /// <summary>A guarded write: the completion of an iteration.</summary>
    /// <returns>True when it was accepted.</returns>
    public Task<bool> WriteAsync(string loop, DateTimeOffset slot, long token)
    {
        var question = Interlocked.Increment(ref _questions);
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[question] = answer;
        Send(FormattableString.Invariant($"write {loop} {slot.UtcTicks} {token} {question}"));
        return answer.Task;
    }

    /// <summary>Reports what happens. A report cannot be taken back.</summary>
    /// <param name="report">The first word says of which kind it is. One line, because the judge reads lines.</param>
    public void Report(string report) => Send(report.ReplaceLineEndings(" "));

    public void Dispose() => _connection.Dispose();

    private void Send(string line)
    {
        lock (_writer)
            _writer.Write(line + "\n");
    }

    private async Task ListenAsync()
    {
        using var reader = new StreamReader(_connection.GetStream());
        while (await reader.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            if (words[0] == "shift")
                _time.Set(TimeSpan.FromMilliseconds(double.Parse(words[1], CultureInfo.InvariantCulture)));
            else if (_asked.TryRemove(int.Parse(words[1], CultureInfo.InvariantCulture), out var answer))
                answer.SetResult(words[0] == "accepted");
        }
    }
}
