using System.Runtime.InteropServices;

namespace SafeLoop.Terminal;

/// <summary>
/// Handles Ctrl+C (SIGINT) and SIGTERM. They end a command at once, as they end any program (exit code 128 + signal number).
/// Only what watches ends in order: the first signal stops the watching and keeps its exit code, the second ends it at once.
/// </summary>
internal static class Termination
{
    private static readonly CancellationTokenSource Ending = new();
    private static readonly List<PosixSignalRegistration> Registrations = []; // a collected registration stops listening
    private static readonly Lock Gate = new();
    private static Action? _undo;
    private static int _signals;

    /// <summary>Cancelled by the first signal for a command that ends in order; never for other commands.</summary>
    public static CancellationToken Token => Ending.Token;

    /// <summary>Registers the handlers until the process ends. A signal before this call ends the process at once.</summary>
    public static void Listen(bool endsInOrder)
    {
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            Registrations.Add(PosixSignalRegistration.Create(signal, context => OnSignal(context, endsInOrder)));
    }

    /// <summary>Runs <paramref name="undo"/> before a signal ends the process, until the result is disposed.</summary>
    public static IDisposable RegisterUndo(Action undo)
    {
        lock (Gate)
            _undo += undo;
        return new Undoing(undo);
    }

    private static void OnSignal(PosixSignalContext context, bool endsInOrder)
    {
        if (endsInOrder && Interlocked.Increment(ref _signals) == 1)
        {
            context.Cancel = true;
            Ending.Cancel();
            return;
        }

        // Not cancelled: the system's default action follows, so that a loop in a shell ends too.
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
