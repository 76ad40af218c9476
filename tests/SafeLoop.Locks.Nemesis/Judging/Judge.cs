using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nemesis.Judging;

/// <summary>
/// The store of the guarded writes, in the driver's process, and the log of all that workers report. They cannot edit either.
/// </summary>
/// <remarks>
/// It accepts a write as docs/locks.md says a store should: a greater token than the last, and of tasks on a calendar a later
/// slot too.
/// </remarks>
internal sealed class Judge : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly List<Entry> _log = [];
    private readonly Dictionary<string, (long Token, long Slot)> _last = [];
    private readonly ConcurrentDictionary<string, StreamWriter> _lines = new();
    private readonly bool _checksTokens;

    public Judge(bool checksTokens)
    {
        _checksTokens = checksTokens;
        _listener.Start(100);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    public Entry[] Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public void Note(EntryKind kind, string worker, string text, string task = "")
    {
        lock (_log)
            _log.Add(new Entry(Now, worker, kind, task, Text: text));
    }

    /// <summary>Sets a worker's clock.</summary>
    public void Shift(string worker, TimeSpan to)
    {
        if (!_lines.TryGetValue(worker, out var line))
            return;
        try
        {
            lock (line)
                line.Write(FormattableString.Invariant($"shift {to.TotalMilliseconds}\n"));
        }
        catch (IOException)
        {
            // it is gone
        }
    }

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = HearAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // the run is over
        }
    }

    private async Task HearAsync(TcpClient client)
    {
        client.NoDelay = true;
        using var reader = new StreamReader(client.GetStream());
        var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
        var worker = "?";
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                var words = line.Split(' ');
                if (words[0] == "hello")
                    _lines[worker = words[1]] = writer;
                else if (words[0] == "write")
                    Answer(writer, words[4], Write(worker, words[1], Number(words[2]), Number(words[3])));
                else if (words[0] == "outcome")
                    Add(new Entry(
                        Now, worker, EntryKind.Outcome, words[1], Number(words[2]), 0,
                        string.Join(' ', words[3..5].Concat(words[6..])), Number(words[5])));
                else
                    Add(new Entry(Now, worker, EntryKind.LoopEnded, words[1], Text: words[2]));
            }
        }
        catch (IOException)
        {
            // killed
        }
    }

    private bool Write(string worker, string task, long slot, long token)
    {
        lock (_log)
        {
            var last = _last.GetValueOrDefault(task);
            var verdict = _checksTokens && token <= last.Token ? Entry.StaleToken
                : Plan.IsCron(task) && slot <= last.Slot ? Entry.SlotDone
                : Entry.Accepted;
            _log.Add(new Entry(Now, worker, EntryKind.Write, task, slot, token, verdict));
            if (verdict is Entry.Accepted)
                _last[task] = (token, slot);
            return verdict is Entry.Accepted;
        }
    }

    private void Add(Entry entry)
    {
        lock (_log)
            _log.Add(entry);
    }

    private static void Answer(StreamWriter writer, string question, bool accepted)
    {
        lock (writer)
            writer.Write($"{(accepted ? Entry.Accepted : "refused")} {question}\n");
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
