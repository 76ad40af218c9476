namespace SafeLoop;

/// <summary>The loop of a key as somebody sees it who looks from outside: parked, in a runner, or with a handle of its own.</summary>
/// <param name="Loop">Which.</param>
/// <param name="Runner">What it runs in; null: nothing.</param>
/// <param name="End">Why it ended; null while it has not.</param>
/// <param name="Failures">In a row.</param>
internal readonly record struct KeyLook(KeyedLoop Loop, LoopRunner? Runner, LoopEnd? End, int Failures)
{
    /// <summary>Its own runner knows more than what was parked.</summary>
    public static KeyLook At(KeyedLoop loop) => loop.Runner is { } runner
        ? new(loop, runner, loop.End, runner.Log.History.ConsecutiveFailures)
        : new(loop, null, loop.End, loop.Memory.ConsecutiveFailures);

    /// <summary>One that may have been started again knows more than its first loop.</summary>
    public static KeyLook At(KeyedLoop loop, RecurringTaskHandle handle) =>
        new(loop, handle.Acting, handle.Completion is { IsCompleted: true } ended ? ended.Result : null, handle.Log.History.ConsecutiveFailures);
}
