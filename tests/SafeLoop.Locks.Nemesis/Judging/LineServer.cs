using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Nemesis.Judging;

/// <summary>Hears what processes report, line by line, on the driver's clock, and sets their clocks.</summary>
internal abstract class LineServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentDictionary<string, StreamWriter> _lines = new();

    protected LineServer()
    {
        _listener.Start(100);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    /// <summary>Sets the clock of a process.</summary>
    public void Shift(string process, TimeSpan to)
    {
        if (!_lines.TryGetValue(process, out var line))
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

    /// <summary>Decides whether a write is accepted.</summary>
    protected abstract bool Write(string process, string loop, long slot, long token);

    /// <summary>Hears any other line.</summary>
    protected abstract void Hear(string process, string line);

    protected static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

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
        var process = "?";
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                var words = line.Split(' ');
                if (words[0] == "hello")
                    _lines[process = words[1]] = writer;
                else if (words[0] == "write")
                    Answer(writer, words[4], Write(process, words[1], Number(words[2]), Number(words[3])));
                else
                    Hear(process, line);
            }
        }
        catch (IOException)
        {
            // killed
        }
    }

    private static void Answer(StreamWriter writer, string question, bool isAccepted)
    {
        lock (writer)
            writer.Write($"{(isAccepted ? "accepted" : "refused")} {question}\n");
    }
}
