using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClusterNemesis.Judging;

/// <summary>
/// The store of the guarded writes, in the driver's process, and the log of all that silos report. They cannot edit either.
/// </summary>
/// <remarks>It accepts a write whose token is not less than the last one, and whose slot is later.</remarks>
internal sealed class Judge : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly List<Entry> _log = [];
    private readonly Dictionary<string, (long Token, long Slot)> _last = [];
    private readonly ConcurrentDictionary<string, StreamWriter> _lines = new();

    public Judge()
    {
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

    public void Note(EntryKind kind, string silo, string text, string loop = "")
    {
        lock (_log)
            _log.Add(new Entry(Now, silo, kind, loop, Text: text));
    }

    /// <summary>Sets a silo's clock.</summary>
    public void Shift(string silo, TimeSpan to)
    {
        if (!_lines.TryGetValue(silo, out var line))
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
        var silo = "?";
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                var words = line.Split(' ');
                if (words[0] == "hello")
                    _lines[silo = words[1]] = writer;
                else if (words[0] == "write")
                    Answer(writer, words[4], Write(silo, words[1], Number(words[2]), Number(words[3])));
                else
                    Note(KindOf(words), silo, line[(words[0].Length + 1)..]);
            }
        }
        catch (IOException)
        {
            // killed
        }
    }

    private bool Write(string silo, string loop, long slot, long token)
    {
        lock (_log)
        {
            var last = _last.GetValueOrDefault(loop);
            var verdict = token < last.Token ? Entry.StaleToken : slot <= last.Slot ? Entry.SlotDone : Entry.Accepted;
            _log.Add(new Entry(Now, silo, EntryKind.Write, loop, slot, token, verdict));
            if (verdict is Entry.Accepted)
                _last[loop] = (token, slot);
            return verdict is Entry.Accepted;
        }
    }

    private static EntryKind KindOf(string[] words) => words switch
    {
        ["shard", "ShardLost", ..] => EntryKind.Lost,
        ["shard", ..] => EntryKind.Shard,
        ["started", ..] => EntryKind.Started,
        _ => EntryKind.Outcome,
    };

    private static void Answer(StreamWriter writer, string question, bool accepted)
    {
        lock (writer)
            writer.Write($"{(accepted ? Entry.Accepted : "refused")} {question}\n");
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
