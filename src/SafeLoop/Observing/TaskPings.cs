using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>
/// Sends the pings of <c>PingAfter</c> to a monitoring service, beside the loops. A ping never delays or fails an iteration.
/// </summary>
/// <remarks>
/// A client of our own and not one of <c>IHttpClientFactory</c>, whose log contains the URL, which is a secret.
/// </remarks>
internal sealed class TaskPings : IDisposable
{
    /// <summary>The key of a service of type <see cref="HttpMessageHandler"/> that sends the requests instead.</summary>
    public const string HandlerKey = "SafeLoop.Pings";

    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // In real time, like the limit of the host.
    private static readonly TimeSpan LimitAtStop = TimeSpan.FromSeconds(3);

    private readonly ConditionalWeakTable<LoopLog, PingQueue> _queues = [];
    private readonly Pacemaker _pacemaker;
    private readonly LoopObservers _observers;
    private readonly Counter<long> _pings;
    private readonly HttpClient? _client;
    private int _sending;
    private volatile TaskCompletionSource? _allSent;
    private volatile bool _isDisposed;

    /// <param name="pacemaker">The clock and the threads.</param>
    /// <param name="observers">Get a fault when pings do not arrive.</param>
    /// <param name="meter">Counts the pings.</param>
    /// <param name="handler">Sends the requests; null: nothing is sent, as in virtual time.</param>
    public TaskPings(Pacemaker pacemaker, LoopObservers observers, Meter meter, HttpMessageHandler? handler)
    {
        (_pacemaker, _observers) = (pacemaker, observers);
        _pings = meter.CreateCounter<long>("safeloop.pings", "{ping}", "Pings of PingAfter, by result.");
        _client = handler is null ? null : new(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>A handler that follows changes of DNS, and whose requests are no spans: those would contain the URL.</summary>
    public static HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        ActivityHeadersPropagator = null,
    };

    /// <summary>Sends that an iteration has started.</summary>
    /// <param name="log">The log of the loop, which identifies it.</param>
    /// <param name="task">The name of the task.</param>
    /// <param name="address">The option <c>PingAfter</c>.</param>
    public void SendStart(LoopLog log, string task, string address) => Send(log, task, new(address, PingKind.Start));

    /// <summary>Sends how an iteration ended. An interrupted iteration has neither succeeded nor failed.</summary>
    public void SendEnd(LoopLog log, string task, string address, IterationOutcome outcome)
    {
        if (outcome is IterationOutcome.Succeeded)
            Send(log, task, new(address, PingKind.Success));
        else if (outcome is IterationOutcome.Failed or IterationOutcome.TimedOut)
            Send(log, task, new(address, PingKind.Failure));
    }

    /// <summary>Waits until what waits has been sent, for a short time.</summary>
    public async Task WaitForLastAsync(CancellationToken cancellationToken)
    {
        _allSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _sending, 0, 0) > 0) // a full fence, so that the last one sees the task
        {
            await _allSent.Task.WaitAsync(LimitAtStop, TimeProvider.System, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _client?.Dispose();
    }

    private void Send(LoopLog log, string task, Ping ping)
    {
        if (_client is null)
            return;
        var queue = _queues.GetValue(log, _ => new(_pacemaker.Time));
        var isFirst = queue.Add(ping, out var hasDropped);
        if (hasDropped)
            Count(task, "dropped");
        if (!isFirst)
            return;
        Interlocked.Increment(ref _sending);
        _pacemaker.Dispatch(new Work(this, queue, task));
    }

    private async Task SendAllAsync(PingQueue queue, string task)
    {
        while (queue.Take() is { } ping && !_isDisposed)
        {
            var failure = await FindFailureAsync(ping).ConfigureAwait(false);
            if (_isDisposed)
                break;
            Count(task, failure is null ? "sent" : "failed");
            Report(queue, task, ping, failure);
        }
        if (Interlocked.Decrement(ref _sending) == 0)
            _allSent?.TrySetResult();
    }

    /// <returns>Why the ping has not arrived; null: it has.</returns>
    private async Task<string?> FindFailureAsync(Ping ping)
    {
        using var limit = new CancellationTokenSource(Limit, _pacemaker.Time);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, ping.ToUrl());
            using var answer = await _client!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? null : $"it answered {(int)answer.StatusCode}";
        }
        catch (Exception error) // the network or a handler of the user; a ping that does not arrive is never more than a fault
        {
            return limit.IsCancellationRequested ? $"it did not answer within {Limit.TotalSeconds} s"
                : ErrorText.Format(error)!.Replace(ping.Address, ping.Origin, StringComparison.OrdinalIgnoreCase);
        }
    }

    // Once when pings cease to arrive and once when they arrive again: a service that is down must not fill the log.
    private void Report(PingQueue queue, string task, Ping ping, string? failure)
    {
        if (queue.IsFailing == failure is not null)
            return;
        queue.IsFailing = failure is not null;
        if (failure is null)
            _observers.LogPingsArrive(task);
        else
            _observers.Fault(FaultKind.PingFailed, task, $"A ping to {ping.Origin} did not arrive: {failure}", null);
    }

    private void Count(string task, string result) =>
        _pings.Add(1, new("safeloop.task", task), new("safeloop.ping.result", result));

    private sealed class Work(TaskPings pings, PingQueue queue, string task) : IThreadPoolWorkItem
    {
        public void Execute() => _ = pings.SendAllAsync(queue, task);
    }
}
