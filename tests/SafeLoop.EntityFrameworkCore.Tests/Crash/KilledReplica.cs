using System.Globalization;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>A replica of real processes: one after the other.</summary>
internal sealed class KilledReplica(int number, string kind, string connection, int speed) : IAsyncDisposable
{
    private int _lives;

    /// <summary>The process that runs; null: it was killed, and the next one has not been started.</summary>
    public KilledProcess? Process { get; private set; }

    /// <summary>When the next process starts.</summary>
    public DateTimeOffset StartsAt { get; private set; }

    public void Start() => Process = new(
        string.Create(CultureInfo.InvariantCulture, $"{number}.{++_lives}"), kind, connection, speed);

    public async Task KillAsync(DateTimeOffset startsAt)
    {
        StartsAt = startsAt;
        if (Process is not { } process)
            return;
        Process = null;
        using (process)
            await process.KillAsync();
    }

    public async ValueTask DisposeAsync() => await KillAsync(DateTimeOffset.MaxValue);
}
