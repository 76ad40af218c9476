using System.Threading.Channels;

namespace Targets.Innocents;

/// <summary>Actors that wait for their mail. Each gets it from the one before it.</summary>
internal sealed class Actors : ITarget
{
    public async Task RunAsync(Work work)
    {
        var last = Channel.CreateUnbounded<int>();
        var first = last;
        var running = new List<Task>();
        for (var i = 0; i < work.Count; i++)
        {
            var next = first;
            first = Channel.CreateUnbounded<int>();
            running.Add(ReceiveAsync(first.Reader, next.Writer));
        }

        await first.Writer.WriteAsync(1);
        await last.Reader.ReadAsync();
        Work.Ready();
        await Task.WhenAll(running);
    }

    private static async Task ReceiveAsync(ChannelReader<int> mail, ChannelWriter<int> next)
    {
        await foreach (var message in mail.ReadAllAsync())
            await next.WriteAsync(message + 1);
    }
}
