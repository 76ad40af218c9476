using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary>One run of a verb.</summary>
internal sealed class VerbRun(ParseResult parsed, Screen screen, Func<ITaskSource> open) : IAsyncDisposable
{
    private ITaskSource? _source;

    public ParseResult Parsed => parsed;

    public Screen Screen => screen;

    /// <summary>Opened when it is first needed: <c>next --cron</c> needs none.</summary>
    public ITaskSource Source => _source ??= open();

    public required TimeProvider Time { get; init; }

    /// <summary>The output itself, for what is watched.</summary>
    public required TextWriter Output { get; init; }

    public required bool IsTerminal { get; init; }

    public required CancellationToken Cancelled { get; init; }

    /// <summary>Reads a time of the command line in the zone that is given, or else in that of the task.</summary>
    public async Task<ChosenInstant> ReadInstantAsync(string option, string text, string? task, string? zone, bool isPast)
    {
        var reader = new InstantReader(Time.GetUtcNow(), isPast);
        return reader.Read(option, text, InstantReader.IsExact(text) ? zone : await ZoneOfAsync(task, zone));
    }

    /// <summary>The zone that is given, or else that of the task; null: UTC.</summary>
    public async Task<string?> ZoneOfAsync(string? task, string? zone)
    {
        if (zone is not null || task is null)
            return zone;
        var found = (await Source.FindAsync(task, null, Cancelled)).Zone;
        if (found is not null && Zones.Known(found) is null)
            Screen.Note($"The zone '{found}' of '{task}' is not known on this machine, so UTC is taken. Give --zone.");
        return Zones.Known(found);
    }

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;
}
