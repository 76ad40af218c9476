using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>
/// Awaits <see cref="Pacemaker.Dispatch"/>: the rest of an async method runs on the thread that rings alarms, so that user code
/// in it cannot block the caller.
/// </summary>
internal readonly struct DispatchAwaiter(Pacemaker pacemaker) : ICriticalNotifyCompletion
{
    public bool IsCompleted => false;

    public DispatchAwaiter GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => pacemaker.Dispatch(new WorkItem(continuation));
}
