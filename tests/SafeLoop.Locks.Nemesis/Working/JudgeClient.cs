using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SafeLoop;

namespace Nemesis.Working;

/// <summary>A worker's line to the judge: it tells what happens, and asks for each write. What the judge has heard cannot be taken back.</summary>
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
        Tell($"hello {worker}");
        _ = ListenAsync();
    }

    /// <summary>A guarded write: the completion of an iteration.</summary>
    /// <returns>True when it was accepted.</returns>
    public Task<bool> WriteAsync(string task, DateTimeOffset slot, long token)
    {
        var (question, answer) = (Interlocked.Increment(ref _questions), new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        _asked[question] = answer;
        Tell(FormattableString.Invariant($"write {task} {slot.UtcTicks} {token} {question}"));
        return answer.Task;
    }

    public void OnEvent(in LoopEvent loopEvent)
    {
        var (task, record) = (loopEvent.TaskName, loopEvent.Record);
        if (loopEvent.Kind is LoopEventKind.IterationEnded)
            Tell(FormattableString.Invariant($"outcome {task} {record.Slot.UtcTicks} {record.Outcome} {record.Reason} {record.Count} {record.Error?.ReplaceLineEndings(" ")}"));
        else if (loopEvent.Kind is LoopEventKind.LoopEnded)
            Tell($"ended {task} {loopEvent.End}");
    }

    public void Dispose() => _connection.Dispose();

    private void Tell(string line)
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
