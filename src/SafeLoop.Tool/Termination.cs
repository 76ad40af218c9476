using System.Runtime.InteropServices;

namespace SafeLoop.Tool;

/// <summary>
/// What Ctrl+C (SIGINT) and SIGTERM do. They end a command at once, as they end any program (128 + the signal's number). Only
/// <c>watch</c> ends in order: at the first signal it stops watching and keeps its exit code, at the second it ends at once too.
/// </summary>
internal static class Termination
{
    private static readonly CancellationTokenSource Ending = new();
    private static readonly List<PosixSignalRegistration> Registrations = []; // one that is collected no longer listens
    private static readonly Lock Gate = new();
    private static Action? _undo;
    private static int _signals;

    /// <summary>Canceled by the first signal of a command that ends in order; never for others.</summary>
    public static CancellationToken Token => Ending.Token;

    /// <summary>Registers the handlers, until the process ends. A signal that comes before this call ends the process at once.</summary>
    public static void Listen(bool endsInOrder)
    {
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            Registrations.Add(PosixSignalRegistration.Create(signal, context => On(context, endsInOrder)));
    }

    /// <summary>Runs <paramref name="undo"/> before a signal ends the process, while the result is not disposed.</summary>
    public static IDisposable Undo(Action undo)
    {
        lock (Gate)
            _undo += undo;
        return new Undoing(undo);
    }

    private static void On(PosixSignalContext context, bool endsInOrder)
    {
        if (endsInOrder && Interlocked.Increment(ref _signals) == 1)
        {
            context.Cancel = true;
            Ending.Cancel();
            return;
        }

        // Not canceled: the system's own default follows, so that a shell's loop over many calls ends, too.
        _undo?.Invoke();
    }

    private sealed class Undoing(Action undo) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate)
                _undo -= undo;
        }
    }
}
