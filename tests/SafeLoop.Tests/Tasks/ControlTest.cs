using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Tasks;

/// <summary>One task named "task", every 10 seconds, whose iterations end when the test says so, if it says so.</summary>
public abstract class ControlTest : IDisposable
{
    protected static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Queue<TaskCompletionSource> _gates = new();
    private LoopHost? _host;

    private protected LoopHost Host => _host!;

    private protected RecurringTaskHandle Task => Host["task"];

    /// <summary>How many iterations are held at the gate.</summary>
    protected int AtTheGate => _gates.Count;

    /// <summary>True: steps wait at the gate until <see cref="Open"/>.</summary>
    protected bool IsGated { get; set; }

    /// <summary>True: steps that wait at the gate do not look at their token.</summary>
    protected bool IsDeaf { get; set; }

    public void Dispose()
    {
        IsGated = false;
        while (AtTheGate > 0)
            Open();
        _host?.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected LoopHost Run(Action<IRecurringTaskBuilder>? configure = null)
    {
        _host = Prepare(configure);
        _host.StartHost();
        return _host;
    }

    private protected LoopHost Prepare(Action<IRecurringTaskBuilder>? configure = null) => _host = new LoopHost(services =>
    {
        var task = services.AddRecurringTask("task", StepAsync);
        (configure ?? (task => task.Every(Second * 10)))(task);
    });

    protected async Task StepAsync(Iteration iteration, CancellationToken cancellationToken)
    {
        if (!IsGated)
            return;
        var gate = new TaskCompletionSource();
        _gates.Enqueue(gate);
        using var registration = cancellationToken.Register(() => { if (!IsDeaf) gate.TrySetCanceled(cancellationToken); });
        await gate.Task;
    }

    /// <summary>Lets the oldest iteration at the gate end.</summary>
    protected void Open()
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _gates.Dequeue().TrySetResult();
        SynchronizationContext.SetSynchronizationContext(outer);
        Host.Settle();
    }

    private protected Task<IterationRecord> RunNow(CancellationToken cancellationToken = default)
    {
        var run = Task.RunNowAsync(cancellationToken);
        Host.Settle();
        return run;
    }

    private protected string Outcomes(string? task = "task") =>
        string.Join(", ", Host.Records(task)
            .Select(record => record.Reason is OutcomeReason.None ? $"{record.Outcome}" : $"{record.Outcome}({record.Reason})"));

    /// <summary>What has come, or is on its way from another thread.</summary>
    protected static T Of<T>(Task<T> task)
    {
        Assert.True(task.Wait(ThreadedLoopHost.Patience), "It did not end.");
        return task.Result;
    }

    private protected static string Outcome(Task<IterationRecord> run)
    {
        var record = Of(run);
        return record.Reason is OutcomeReason.None ? $"{record.Outcome}" : $"{record.Outcome}({record.Reason})";
    }
}
