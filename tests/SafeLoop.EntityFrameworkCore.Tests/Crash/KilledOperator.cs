namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Gives commands through the store while processes are killed: runs by hand, and one pause after the other.</summary>
internal sealed class KilledOperator(IRecurringTaskStore store, TimeProvider time, Random random, CrashLog log)
{
    private static readonly TimeSpan PauseLasts = TimeSpan.FromSeconds(45), BetweenPauses = TimeSpan.FromSeconds(25);

    private CrashPause? _pause;
    private DateTimeOffset _nextPause = time.GetUtcNow() + BetweenPauses;

    public async Task ActAsync()
    {
        if (random.Next(8) == 0)
            await SendAsync(TaskCommandKind.RunNow, CrashTasks.Cron);
        if (_pause is { } pause && time.GetUtcNow() - Micros.ToInstant(pause.From) > PauseLasts)
            await ResumeAsync();
        else if (_pause is null && time.GetUtcNow() >= _nextPause
            && await SendAsync(TaskCommandKind.Pause, CrashTasks.Interval) is { } sent)
            _pause = new(CrashTasks.Interval, sent.Id, Micros.Of(time.GetUtcNow()), long.MaxValue);
        if (!log.IsChanged && random.Next(8) == 0)
            log.IsChanged = await SendAsync(TaskCommandKind.Change, CrashTasks.Interval) is not null;
    }

    public async Task ResumeAsync()
    {
        if (_pause is null)
            return;
        log.ConfirmedPauses.Add(_pause with { To = Micros.Of(time.GetUtcNow()) });
        await SendAsync(TaskCommandKind.Resume, CrashTasks.Interval);
        (_pause, _nextPause) = (null, time.GetUtcNow() + BetweenPauses);
    }

    /// <returns>Null: no process has stored the task yet.</returns>
    private async Task<TaskCommand?> SendAsync(TaskCommandKind kind, string task)
    {
        var command = new TaskCommand
        {
            Id = Guid.NewGuid(),
            TaskName = task,
            Kind = kind,
            Options = kind is TaskCommandKind.Change ? $$"""{ "Timeout": "{{CrashTasks.Changed:c}}" }""" : null,
            ExpiresAfter = TimeSpan.FromDays(1),
        };
        if (!await store.AddCommandAsync(command, default))
            return null;
        log.Commands.Add(command);
        return command;
    }
}
