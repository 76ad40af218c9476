using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SafeLoop;

namespace Nemesis.Working;

/// <summary>
/// A worker's line to the judge: reports what happens, and asks for each write. A report cannot be taken back.
/// </summary>
internal sealed class JudgeClient : IRecurringTaskObserver, IDisposable
{
    private readonly TcpClient _connection = new() { NoDelay = true };
    private readonly StreamWriter _writer;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<bool>> _asked = new();
    private readonly ShiftedTime _time;
    private int _questions;

    public JudgeClient(int port, string worker, ShiftedTime time)
    {
        _time = time;
        _connection.Connect(IPAddress.Loopback, port);
        _writer = new StreamWriter(_connection.GetStream()) { AutoFlush = true };
        Send($"hello {worker}");
        _ = ListenAsync();
    }

    /// <summary>A guarded write: the completion of an iteration.</summary>
    /// <returns>True when it was accepted.</returns>
    public Task<bool> WriteAsync(string task, DateTimeOffset slot, long token)
    {
        var question = Interlocked.Increment(ref _questions);
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[question] = answer;
        Send(FormattableString.Invariant($"write {task} {slot.UtcTicks} {token} {question}"));
        return answer.Task;
    }

    public void OnEvent(in LoopEvent loopEvent)
    {
        var (task, record) = (loopEvent.TaskName, loopEvent.Record);
        if (loopEvent.Kind is LoopEventKind.IterationEnded)
            Send(FormattableString.Invariant(
                $"outcome {task} {record.Slot.UtcTicks} {record.Outcome} {record.Reason} {record.Count} {ErrorOf(record)}"));
        else if (loopEvent.Kind is LoopEventKind.LoopEnded)
            Send($"ended {task} {loopEvent.End}");
    }

    public void Dispose() => _connection.Dispose();

    // One line, because the judge reads lines.
    private static string? ErrorOf(in IterationRecord record) => record.Error?.ReplaceLineEndings(" ");

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
