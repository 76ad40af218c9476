namespace SafeLoop.Terminal.Tests;

/// <summary>Output that says when something has been shown.</summary>
internal sealed class WatchedOutput : StringWriter
{
    private readonly SemaphoreSlim _shown = new(0);

    public Task WhenShownAsync() => _shown.WaitAsync(TimeSpan.FromMinutes(2));

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        _shown.Release();
        return Task.CompletedTask;
    }

    protected override void Dispose(bool disposing)
    {
        _shown.Dispose();
        base.Dispose(disposing);
    }
}
