using System.Diagnostics;

namespace SafeLoop.Tests.Shared;

/// <summary>
/// Waits for a process while it makes progress. A slow machine makes such a test slow, but does not fail it.
/// </summary>
internal sealed class Patience
{
    /// <summary>A process that neither gets CPU time, nor waits for it, nor writes anything for this time is stuck.</summary>
    public static readonly TimeSpan Standstill = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The limit for a process that is busy forever, and for waits within the test's own process. Shorter than the limit of
    /// <c>test.sh</c> for a test that hangs.
    /// </summary>
    public static readonly TimeSpan Last = TimeSpan.FromMinutes(8);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly long _began;
    private ProcessState _state;
    private long _since;

    internal Patience(ProcessState state, TimeProvider time) =>
        (_state, _time, _began, _since) = (state, time, time.GetTimestamp(), time.GetTimestamp());

    /// <param name="awaited">The action of the process to wait for.</param>
    /// <param name="process">The process.</param>
    /// <param name="written">The number of characters it has written.</param>
    /// <param name="what">The action in words, for the message.</param>
    /// <exception cref="TimeoutException">The process is stuck. The message has its last state.</exception>
    public static async Task WaitAsync(Task awaited, Process process, Func<long> written, string what)
    {
        var patience = new Patience(ProcessState.Of(process, written()), TimeProvider.System);
        while (await Task.WhenAny(awaited, Task.Delay(Look, TimeProvider.System)) != awaited)
        {
            if (patience.Judge(ProcessState.Of(process, written())) is { } verdict)
                throw new TimeoutException($"Waited for {what}, in vain: {verdict}");
        }

        await awaited;
    }

    /// <returns>Why to stop waiting; null: go on.</returns>
    internal string? Judge(ProcessState state)
    {
        if (state != _state || state.IsHeldUp)
            (_state, _since) = (state, _time.GetTimestamp());
        var (still, all) = (_time.GetElapsedTime(_since), _time.GetElapsedTime(_began));
        return still >= Standstill ? $"the process has not got on for {still}: {state}."
            : all >= Last ? $"the process has been busy for {all}: {state}."
            : null;
    }
}
