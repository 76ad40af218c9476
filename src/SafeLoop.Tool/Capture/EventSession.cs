using System.Diagnostics.Tracing;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace SafeLoop.Tool;

/// <summary>A stream of events from a process that may stop answering, or die, at any moment.</summary>
internal sealed class EventSession : IDisposable
{
    /// <summary>How long a cancelled session may take to stop in order, which spares the process a broken stream.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private readonly EventPipeSession _session;
    private readonly ITimer _limit;
    private readonly CancellationTokenRegistration _cancelled;

    private EventSession(EventPipeSession session, TimeSpan limit, TimeProvider time, CancellationToken cancelled)
    {
        _session = session;
        _limit = time.CreateTimer(_ => CutOff(), null, limit, Timeout.InfiniteTimeSpan);
        _cancelled = cancelled.Register(OnCancelled);
    }

    /// <summary>The time limit or the caller's token has cut it off.</summary>
    public bool IsCutOff { get; private set; }

    /// <param name="target">The process.</param>
    /// <param name="keywords">The keywords of the runtime provider.</param>
    /// <param name="level">In what detail.</param>
    /// <param name="bufferMegabytes">How much the process may buffer until it is read.</param>
    /// <param name="rundownKeywords">The keywords of the rundown at the end.</param>
    /// <param name="limit">How long it may take to begin, and then to end: it is cut off after that.</param>
    /// <param name="cancelled">Also cuts it off.</param>
    public static EventSession Start(
        TargetProcess target, long keywords, EventLevel level, int bufferMegabytes, long rundownKeywords,
        TimeSpan limit, CancellationToken cancelled = default)
    {
        var runtime = new EventPipeProvider(Providers.Runtime, level, keywords);
        return Start(target, Configure([runtime], bufferMegabytes, rundownKeywords), limit, limit, TimeProvider.System,
            cancelled);
    }

    /// <summary>The runtime's counters, every so many seconds, and its collections.</summary>
    /// <param name="target">The process.</param>
    /// <param name="interval">Seconds.</param>
    /// <param name="limit">How long it may take to begin.</param>
    /// <param name="runs">It is cut off after that; infinite: never.</param>
    /// <param name="time">The clock for it.</param>
    /// <param name="cancelled">Also cuts it off.</param>
    public static EventSession Counters(
        TargetProcess target,
        double interval,
        TimeSpan limit,
        TimeSpan runs,
        TimeProvider time,
        CancellationToken cancelled = default)
    {
        const int BufferMegabytes = 16;
        const long Gc = 0x1;
        var settings = new Dictionary<string, string> { ["EventCounterIntervalSec"] = interval.ToString(Text.Culture) };
        var counters = new EventPipeProvider(RuntimeCounters.Provider, EventLevel.Informational, -1, settings);
        var collections = new EventPipeProvider(Providers.Runtime, EventLevel.Informational, Gc);
        var configurations = Configure([counters, collections], BufferMegabytes, rundownKeywords: 0);
        return Start(target, configurations, limit, runs, time, cancelled);
    }

    /// <summary>
    /// .NET 8 does not support rundown keywords (dotnet/runtime#101189): it sends the whole rundown, or none.
    /// </summary>
    private static EventPipeSessionConfiguration[] Configure(EventPipeProvider[] providers, int bufferMegabytes,
        long rundownKeywords) =>
    [
        new(providers, bufferMegabytes, rundownKeywords, requestStackwalk: false),
        new(providers, bufferMegabytes, requestRundown: rundownKeywords != 0),
    ];

    private static EventSession Start(
        TargetProcess target,
        EventPipeSessionConfiguration[] configurations,
        TimeSpan limit,
        TimeSpan runs,
        TimeProvider time,
        CancellationToken cancelled)
    {
        using var tooLong = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        tooLong.CancelAfter(limit);
        try
        {
            return new EventSession(target.Ask(Begin), runs, time, cancelled);
        }
        catch (OperationCanceledException error) when (!cancelled.IsCancellationRequested)
        {
            throw NoAnswer(target, limit, error);
        }

        EventPipeSession Begin(DiagnosticsClient client)
        {
            try
            {
                return client.StartEventPipeSessionAsync(configurations[0], tooLong.Token).GetAwaiter().GetResult();
            }
            catch (UnsupportedCommandException)
            {
                return client.StartEventPipeSessionAsync(configurations[1], tooLong.Token).GetAwaiter().GetResult();
            }
        }
    }

    public static ToolException NoAnswer(TargetProcess target, TimeSpan limit, Exception? cause = null) => new(
        ExitCode.Failed,
        $"Process {target.Id} ({target.Name}) did not answer within {Text.Duration(limit)}: it may be stopped, or too busy. "
        + "Raise --timeout, or diagnose a core dump of it.",
        cause);

    /// <summary>Reads until the stream ends, however it ends.</summary>
    /// <returns>False when it was cut: the process died, or the time was up.</returns>
    public bool Process(Action<EventPipeEventSource> subscribe)
    {
        try
        {
            using var source = new EventPipeEventSource(_session.EventStream);
            subscribe(source);
            return source.Process();
        }
        catch (Exception error) when (error is not (ToolException or OutOfMemoryException))
        {
            // The parser throws whatever it likes when the stream is cut. What came until then is with the subscriber.
            return false;
        }
    }

    /// <summary>
    /// Asks for the end; the stream ends once all has come. May be called while the stream is read, on another thread.
    /// </summary>
    public void Stop()
    {
        try
        {
            _session.Stop();
        }
        catch (Exception error)
            when (error is ServerNotAvailableException or IOException or SocketException or DiagnosticsClientException
                or ObjectDisposedException or TimeoutException)
        {
            // The process has ended: so has the session.
        }
    }

    public void Dispose()
    {
        _cancelled.Dispose();
        _limit.Dispose();
        if (!IsCutOff)
            _session.Dispose();
    }

    private void OnCancelled()
    {
        ThreadPool.QueueUserWorkItem(_ => Stop());
        _limit.Change(StopLimit, Timeout.InfiniteTimeSpan);
    }

    // Only the stream: disposing the session asks the process to stop it, and a process that hangs never answers.
    private void CutOff()
    {
        IsCutOff = true;
        _session.EventStream.Dispose();
    }
}
