namespace SafeLoop.Tests.UserCode;

/// <summary>User code that calls everything on another thread, and waits until everything has answered.</summary>
internal sealed class Hostile
{
    /// <summary>Only for hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource<string?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EveryCall? _calls;
    private volatile string _at = "nothing";

    public bool HasActed => _result.Task.IsCompleted;

    public void Arm(EveryCall calls) => Volatile.Write(ref _calls, calls);

    /// <summary>Is hostile once, because the calls may call it again.</summary>
    public void Act()
    {
        if (Interlocked.Exchange(ref _calls, null) is not { } calls)
            return;
        // A thread of its own: one of the pool may come late, and it must not inherit that it runs within an iteration.
        var thread = new Thread(() => _result.TrySetResult(CallAll(calls))) { IsBackground = true };
        thread.UnsafeStart();
        if (!thread.Join(Limit))
            _result.TrySetResult($"{_at} did not answer");
    }

    /// <summary>What did not answer; null when everything did.</summary>
    public string? Wait() => _result.Task.Wait(Limit * 2) ? _result.Task.Result : "It was not called.";

    private string? CallAll(EveryCall calls)
    {
        try
        {
            foreach (var (name, call) in calls.All)
            {
                _at = name;
                call();
            }
            return null;
        }
        catch (Exception error)
        {
            return $"{_at} threw {error}";
        }
    }
}
