using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Testing.Tests.Exploring;

/// <summary>
/// One way in which everything that happens to a loop can happen in turn, drawn from a seed. The loops' work is not run when it
/// is dispatched but whenever it is drawn, and between any two pieces of it a task may be stopped, started, paused, resumed,
/// triggered, changed, removed or added, time may pass, and a step may go on.
/// </summary>
internal sealed class ExploredSchedule : IDisposable
{
    private const string Name = "t";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Random _chance;
    private readonly List<IThreadPoolWorkItem> _work = [];
    private readonly List<TaskCompletionSource> _gates = [];
    private readonly List<Task<IterationRecord>> _runs = [];
    private readonly List<Task> _changes = [];
    private readonly List<RecurringTaskHandle> _handles = [];
    private readonly List<string> _journal = [];
    private readonly VirtualClock _clock = new(VirtualTime.DefaultStart);
    private readonly RecordingObserver _observer = new();
    private readonly ServiceProvider _services;
    private readonly RecurringTasks _tasks;
    private bool _isOpen;
    private int _inside;

    public ExploredSchedule(int seed)
    {
        _chance = new Random(seed);
        var services = new ServiceCollection().AddRecurringTasks().AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IRecurringTaskObserver>(_observer);
        services.AddSingleton(new Pacemaker(_clock, Dispatch));
        _services = services.BuildServiceProvider();
        _tasks = _services.GetRequiredService<RecurringTasks>();
    }

    public string Journal => string.Join(", ", _journal);

    /// <summary>Draws so many events, then lets everything end, and checks what must be true however they were drawn.</summary>
    public void Run(int events)
    {
        Add();
        _tasks.Start();
        if (_chance.Next(2) == 0)
            StartApplication();
        for (var n = 0; n < events; n++)
        {
            AwaitSuccessor();
            Draw();
            Check(_inside <= 1, "Two iterations ran at a time.");
        }
        EndWell();
    }

    public void Dispose()
    {
        _tasks.Stop();
        _services.Dispose();
    }

    private void Draw()
    {
        var task = _tasks.Find(Name);
        switch (_chance.Next(task is null ? 24 : 20))
        {
            case < 8: RunOne(); break;
            case 8 or 9: PassTime(TimeSpan.FromSeconds(_chance.Next(1, 25))); break;
            case 10 or 11 when _gates.Count > 0: OpenGate(); break;
            case 12: Do("stop", () => task?.Stop()); break;
            case 13: Do("start", () => task?.Start()); break;
            case 14: Do("pause", () => task?.Pause()); break;
            case 15: Do("resume", () => task?.Resume()); break;
            case 16 when task is not null: Do("run", () => _runs.Add(task.RunNowAsync(GivenUp()))); break;
            case 17 when task is not null: Do("change", () => _changes.Add(task.ChangeAsync(Change))); break;
            case 18 when _chance.Next(4) == 0: Do("remove", () => _tasks.Remove(Name)); break;
            case 19: StartApplication(); break;
            case >= 20: Do("add", Add); break;
        }
    }

    private void StartApplication() => Do("application", () =>
    {
        _services.GetRequiredService<LoopEnvironment>().OnApplicationStarted();
        _tasks.Begin();
    });

    private void Add() =>
        _handles.Add(_tasks.Add(Name, task => task.Step("step", StepAsync).Every(Period).WithTimeout(Period * 3)));

    private void Change(RecurringTaskOptions options)
    {
        options.Enabled = _chance.Next(4) > 0;
        options.Every = Period * _chance.Next(1, 3);
        options.Overlap.Policy = (Overlap)_chance.Next(4); // all but Allow
        options.Overlap.Max = 2;
        options.DrainFor = TimeSpan.FromSeconds(_chance.Next(2) * 5);
    }

    private CancellationToken GivenUp()
    {
        if (_chance.Next(3) > 0)
            return default;
        var source = new CancellationTokenSource();
        var timer = _clock.CreateTimer(_ => source.Cancel(), null, TimeSpan.FromSeconds(_chance.Next(20)),
            Timeout.InfiniteTimeSpan);
        return source.Token;
    }

    private async ValueTask StepAsync(Iteration iteration, CancellationToken token)
    {
        _inside++;
        try
        {
            if (_isOpen || _chance.Next(3) == 0)
                return;
            var gate = new TaskCompletionSource();
            _gates.Add(gate);
            using (token.UnsafeRegister(static gate => ((TaskCompletionSource)gate!).TrySetCanceled(), gate))
                await gate.Task.ConfigureAwait(false);
        }
        finally
        {
            _inside--;
        }
    }

    private void Dispatch(IThreadPoolWorkItem item)
    {
        lock (_work)
            _work.Add(item);
    }

    private bool RunOne(bool first = false)
    {
        IThreadPoolWorkItem item;
        lock (_work)
        {
            if (_work.Count == 0)
                return false;
            var which = first ? 0 : _chance.Next(_work.Count);
            item = _work[which];
            _work.RemoveAt(which);
        }
        Do(item.GetType().Name, item.Execute);
        return true;
    }

    private void PassTime(TimeSpan span) => Do($"pass {span.TotalSeconds}", () =>
    {
        var target = _clock.GetTimestamp() + span.Ticks;
        _clock.MoveTo(
            _chance.Next(2) == 0 ? target : Math.Min(target, Math.Max(_clock.NextDue ?? target, _clock.GetTimestamp())));
    });

    private void OpenGate() => Do("go on", () =>
    {
        var which = _chance.Next(_gates.Count);
        var gate = _gates[which];
        _gates.RemoveAt(which);
        gate.TrySetResult();
    });

    /// <summary>
    /// The successor of a loop learns its end through the thread pool; its start is then drawn like any other work.
    /// </summary>
    private void AwaitSuccessor()
    {
        Await(() => !_tasks.Ending.Any(ending => ending.Completion.IsCompleted));
        foreach (var task in _handles)
            Await(() => task.OwnLoop!.ActiveLoop is not { IsStarted: true, HasEntered: false, Completion.IsCompleted: false }
                || AnyLoopIsDispatched() || HasPredecessor(task));
    }

    private bool HasPredecessor(RecurringTaskHandle task) =>
        _handles.TakeWhile(handle => handle != task).Any(handle => !handle.Completion.IsCompleted);

    // It, or the one it waits for: a task that was stopped and started twice has two loops ahead.
    private bool AnyLoopIsDispatched()
    {
        lock (_work)
            return _work.OfType<LoopRunner>().Any();
    }

    private void Drain()
    {
        do
        {
            foreach (var gate in _gates)
                gate.TrySetResult();
            _gates.Clear();
            AwaitSuccessor();
        }
        while (RunOne(first: true));
    }

    private void EndWell()
    {
        _isOpen = true;
        Drain();
        if (_tasks.Find(Name) is null)
            Add();
        Drain();
        var task = _tasks[Name];
        StartApplication();
        task.Start();
        task.Resume();
        _changes.Add(task.ChangeAsync(options => (options.Enabled, options.Every) = (true, Period)));
        Drain();

        var before = _observer.Records().Count(record => record.Outcome is IterationOutcome.Succeeded);
        for (var n = 0; n < 3; n++)
        {
            _clock.MoveTo(Math.Max(_clock.GetTimestamp(), _clock.GetTimestamp() + Period.Ticks));
            Drain();
        }
        var after = _observer.Records().Count(record => record.Outcome is IterationOutcome.Succeeded);
        Check(after - before is 2 or 3,
            $"In three periods {after - before} iterations ran: the loop has gone silent, or too fast.");

        _tasks.Stop();
        Drain();
        Check(_handles.All(handle => handle.Completion.IsCompleted), "A loop has not ended.");
        Check(Task.WhenAll([.. _runs, .. _changes]).Wait(Patience), "A request for a run or a change was not answered.");
        CheckRecords();
    }

    private void CheckRecords()
    {
        var (events, started) = (_observer.Events, _observer.Records().Where(record => record.Number > 0).ToList());
        Check(!events.Any(e => e.Kind is LoopEventKind.Fault), "A fault was reported.");
        foreach (var handle in _handles)
        {
            var numbers = handle.History.Where(record => record.Number > 0).Select(record => record.Number).Order().ToList();
            Check(numbers.SequenceEqual(Enumerable.Range(1, numbers.Count).Select(n => (long)n))
                && numbers.Count == handle.Snapshot().Iterations, "An iteration has no outcome, or two.");
            var slots = handle.History.Where(record => record.Number > 0 && !_runs.Any(run => run.Result == record))
                .Select(record => record.Slot).ToList();
            Check(slots.Distinct().Count() == slots.Count, "A slot of the schedule ran twice.");
        }
        Check(_runs.Count(run => run.Result.Number > 0) <= started.Count, "A run was answered that did not take place.");

        var loops = 0;
        foreach (var e in events)
        {
            loops += e.Kind is LoopEventKind.LoopStarted ? 1 : e.Kind is LoopEventKind.LoopEnded ? -1 : 0;
            Check(loops is 0 or 1, "Two loops of one task lived at a time.");
        }
    }

    private void Do(string what, Action act)
    {
        _journal.Add(what);
        act();
    }

    private static void Await(Func<bool> condition) =>
        Check(SpinWait.SpinUntil(condition, Patience), "What the thread pool was given did not come.");

    private static void Check(bool condition, string otherwise)
    {
        if (!condition)
            throw new InvalidOperationException(otherwise);
    }
}
