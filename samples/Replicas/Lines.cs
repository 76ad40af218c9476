namespace Replicas;

/// <summary>Writes the lines of the replicas to the console, and lets callers await a line.</summary>
internal sealed class Lines
{
    private event Action<string>? Written;

    public void Write(string line)
    {
        Console.WriteLine(line);
        Written?.Invoke(line);
    }

    /// <summary>Waits for the next matching line.</summary>
    public async Task NextAsync(Func<string, bool> isIt, CancellationToken cancellationToken)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Written += Look;
        try
        {
            await found.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Written -= Look;
        }

        void Look(string line)
        {
            if (isIt(line))
                found.TrySetResult();
        }
    }
}
