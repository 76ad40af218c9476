using System.Reactive;
using System.Reactive.Linq;

namespace Targets.Leaks;

/// <summary>A sequence that ends with itself.</summary>
internal sealed class RxConcat : ITarget
{
    private static IDisposable? _running;

    public Task RunAsync(Work work)
    {
        _running = Poll(work).Subscribe();
        return Task.CompletedTask;
    }

    private static IObservable<Unit> Poll(Work work) =>
        Observable.FromAsync(work.StepAsync).Concat(Observable.Defer(() => Poll(work)));
}
