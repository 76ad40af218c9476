namespace SafeLoop.Tool;

/// <summary>
/// Says on a terminal what takes so long, on one line that is gone when it is done. Where errors go to a file or another
/// program it says nothing.
/// </summary>
internal sealed class Progress : IDisposable
{
    private const string StartOfLine = "\r", RestOfLine = "\u001b[K";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly string _what;
    private readonly Func<long>? _objects;
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private readonly ITimer? _timer;
    private bool _hasEnded;

    private Progress(string what, Func<long>? objects)
    {
        (_what, _objects) = (what, objects);
        if (Console.IsErrorRedirected)
            return;
        Show();
        _timer = TimeProvider.System.CreateTimer(_ => Show(), null, Interval, Interval);
    }

    /// <param name="what">What is done.</param>
    /// <param name="objects">How many objects have come so far; asked from another thread.</param>
    public static Progress Begin(string what, Func<long>? objects = null) => new(what, objects);

    public void Dispose()
    {
        if (_timer is null)
            return;
        _timer.Dispose();
        lock (_lock)
        {
            _hasEnded = true;
            Console.Error.Write(StartOfLine + RestOfLine);
        }
    }

    private void Show()
    {
        var seconds = TimeProvider.System.GetElapsedTime(_began).TotalSeconds;
        var count = _objects?.Invoke() is > 0 and var objects ? $", {Text.Count(objects)} objects" : "";
        lock (_lock)
        {
            if (!_hasEnded)
                Console.Error.Write($"{StartOfLine}{_what} … {seconds.ToString("0", Text.Culture)} s{count}{RestOfLine}");
        }
    }
}
