using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Dashboard;

/// <summary>
/// Looks for changes once per process, however many viewers there are, and publishes them to all. Without a viewer it does
/// nothing.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class EventHub(IServiceProvider services, StoredTasks stored)
{
    private const int MostKept = 256, MostNames = 100, TurnsBetweenQueries = 2;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<EventSubscription> _viewers = [];
    private readonly Queue<ChangeEvent> _kept = [];
    private CancellationTokenSource? _running;
    private TaskCompletionSource _ready = new();
    private string _epoch = "";
    private long _number;

    /// <summary>How many viewers there are.</summary>
    public int Viewers
    {
        get
        {
            lock (_gate)
                return _viewers.Count;
        }
    }

    /// <summary>Subscribes a viewer. The first one starts the search for changes.</summary>
    /// <param name="lastId">The id of the last event that the viewer has; null: none.</param>
    public EventSubscription Subscribe(string? lastId)
    {
        lock (_gate)
        {
            if (_viewers.Count == 0)
                Start();
            var (isKnown, missed) = FindMissed(lastId);
            var viewer = new EventSubscription(this, _ready.Task, _epoch, _number, isReset: lastId is not null && !isKnown);
            foreach (var change in missed)
                viewer.TryAdd(change);
            _viewers.Add(viewer);
            return viewer;
        }
    }

    /// <summary>Removes a viewer. With the last one the search ends.</summary>
    public void Remove(EventSubscription viewer)
    {
        lock (_gate)
        {
            if (!_viewers.Remove(viewer) || _viewers.Count > 0)
                return;
            _running?.Cancel(); // nothing is registered on it but the timer
            _running = null;
        }
    }

    private void Start()
    {
        _running = new CancellationTokenSource();
        _epoch = $"{Guid.NewGuid():N}"[..8]; // changes without a viewer are not known
        _kept.Clear();
        var (token, ready) = (_running.Token, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _ready = ready;
        _ = Task.Run(() => RunAsync(ready, token), CancellationToken.None);
    }

    private async Task RunAsync(TaskCompletionSource ready, CancellationToken cancellationToken)
    {
        var detector = new ChangeDetector(
            services.GetRequiredService<IRecurringTasks>(), stored, services.GetRequiredService<IRecurringTaskCommands>());
        using var timer = new PeriodicTimer(Turn, services.GetRequiredService<TimeProvider>());
        try
        {
            await FindAsync(detector, turn: 0, publishes: false, cancellationToken).ConfigureAwait(false);
            ready.TrySetResult();
            for (var turn = 1; await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false); turn++)
                await FindAsync(detector, turn, publishes: true, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task FindAsync(ChangeDetector detector, int turn, bool publishes, CancellationToken cancellationToken)
    {
        try
        {
            var tasks = detector.FindTasks();
            IReadOnlyList<string> commands = [];
            if (turn % TurnsBetweenQueries == 0)
            {
                var others = await detector.FindStoredTasksAsync(cancellationToken).ConfigureAwait(false);
                tasks = [.. tasks.Union(others, StringComparer.OrdinalIgnoreCase)];
                commands = await detector.FindCommandsAsync(cancellationToken).ConfigureAwait(false);
            }
            if (publishes)
            {
                Publish(ChangeEvent.Tasks, tasks);
                Publish(ChangeEvent.Commands, commands);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // A store may throw anything; the next turn tries again.
            if (services.GetService<ILoggerFactory>()?.CreateLogger("SafeLoop") is { } logger)
                TurnFailed(logger, error);
        }
    }

    private void Publish(string kind, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return;
        lock (_gate)
        {
            var change = new ChangeEvent(++_number, kind, names.Count > MostNames ? null : names);
            _kept.Enqueue(change);
            if (_kept.Count > MostKept)
                _kept.Dequeue();
            foreach (var viewer in _viewers)
                viewer.TryAdd(change);
        }
    }

    private (bool IsKnown, ChangeEvent[] Missed) FindMissed(string? lastId)
    {
        if (lastId?.Split('-') is not [var epoch, var text] || epoch != _epoch || !long.TryParse(text, out var number))
            return (false, []);
        var oldest = _kept.TryPeek(out var first) ? first.Number : _number + 1;
        return number > _number || number < oldest - 1 ? (false, []) : (true, [.. _kept.Where(change => change.Number > number)]);
    }

    [LoggerMessage(EventId = 142, Level = LogLevel.Debug, Message = "The search for changes failed; it goes on.")]
    private static partial void TurnFailed(ILogger logger, Exception error);
}
