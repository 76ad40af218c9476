namespace RecursiveLeak.Forms;

/// <summary>
/// Drives generators as <c>co</c> does: a yielded task is awaited, a yielded generator runs to its end before its caller goes on.
/// </summary>
internal static class Trampoline
{
    public static async Task RunAsync(IEnumerator<object> generator)
    {
        // The frames are linked, not nested calls: depth costs heap, never stack.
        for (var frame = new Frame(generator, Caller: null); frame is not null;)
        {
            if (!frame.Generator.MoveNext())
            {
                frame.Generator.Dispose();
                frame = frame.Caller;
            }
            else if (frame.Generator.Current is IEnumerator<object> child)
            {
                frame = new Frame(child, frame);
            }
            else if (frame.Generator.Current is Task step)
            {
                await step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (step.Exception is { } error)
                    await Console.Error.WriteLineAsync(error.InnerException!.Message);
            }
        }
    }

    private sealed record Frame(IEnumerator<object> Generator, Frame? Caller);
}
