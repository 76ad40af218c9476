using System.Threading.Channels;

namespace SafeLoop.Dashboard;

/// <summary>The events of one viewer. A viewer that does not read is ended, and connects again.</summary>
/// <param name="hub">To whom it belongs.</param>
/// <param name="ready">Completes when changes are found from then on.</param>
/// <param name="epoch">Identifies the search for changes that began with the first viewer.</param>
/// <param name="number">The number of the last event before it.</param>
/// <param name="isReset">True when the viewer has missed events that are not kept any more.</param>
internal sealed class EventSubscription(EventHub hub, Task ready, string epoch, long number, bool isReset) : IDisposable
{
    private const int MostWaiting = 512;

    private readonly Channel<ChangeEvent> _events = Channel.CreateBounded<ChangeEvent>(MostWaiting);

    /// <summary>True when the viewer must load everything again.</summary>
    public bool IsReset => isReset;

    /// <summary>Completes when changes are found from then on: what a viewer loads afterwards misses none.</summary>
    public Task Ready => ready;

    /// <summary>The id of the state from which the viewer begins.</summary>
    public string FirstId => IdOf(number);

    public ChannelReader<ChangeEvent> Events => _events.Reader;

    public string IdOf(ChangeEvent change) => IdOf(change.Number);

    public void TryAdd(ChangeEvent change)
    {
        if (!_events.Writer.TryWrite(change))
            _events.Writer.TryComplete();
    }

    public void Dispose() => hub.Remove(this);

    private string IdOf(long number) => $"{epoch}-{number}";
}
