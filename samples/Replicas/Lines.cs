namespace Replicas;

/// <summary>What the replicas print, passed on to the console; a line of theirs can be awaited.</summary>
internal sealed class Lines
{
    private event Action<string>? Written;

    public void Write(string line)
    {
        Console.WriteLine(line);
        Written?.Invoke(line);
    }

    /// <summary>Waits for a line that is written from now on.</summary>
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
