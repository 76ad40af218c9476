using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Viewers learn what has changed, and without one nothing runs.</summary>
public sealed class EventTests
{
    private readonly CountingReader _reader = new();

    [Fact]
    public async Task A_change_of_a_task_and_a_command_are_events()
    {
        await using var host = await StartAsync();
        using var viewer = await EventReader.OpenAsync(host);
        Assert.Equal("hello {}", await viewer.NextAsync());

        host.Time["prices"].Pause("calm");
        Assert.Equal("tasks {\"tasks\":[\"prices\"]}", await viewer.NextAsync());
        var command = new TaskCommand { TaskName = "prices", Kind = TaskCommandKind.Pause };
        await host.Services.GetRequiredService<IRecurringTaskCommands>().SendAsync(command);

        var events = new[] { await viewer.NextAsync(), await viewer.NextAsync() };
        Assert.Contains($"commands {{\"commands\":[\"{command.Id}\"]}}", events);
    }

    [Fact]
    public async Task While_nothing_happens_the_server_says_that_it_is_here_in_a_way_that_a_page_can_see()
    {
        await using var host = await StartAsync();
        using var viewer = await EventReader.OpenAsync(host);
        await viewer.NextAsync();

        for (var second = 0; second < 60; second++)
            await host.Time.AdvanceAsync(TimeSpan.FromSeconds(1));
        host.Time["prices"].Pause("calm");
        await viewer.NextAsync();

        Assert.InRange(viewer.Signs, 1, 20);
    }

    [Fact]
    public async Task A_viewer_that_comes_back_gets_what_it_has_missed_while_others_watched()
    {
        await using var host = await StartAsync();
        using var other = await EventReader.OpenAsync(host);
        await other.NextAsync();
        string? lastId;
        using (var viewer = await EventReader.OpenAsync(host))
        {
            await viewer.NextAsync();
            lastId = viewer.LastId;
        }
        host.Time["prices"].Pause("calm");
        await other.NextAsync();

        using var again = await EventReader.OpenAsync(host, lastId);

        Assert.Equal("hello {}", await again.NextAsync());
        Assert.Equal("tasks {\"tasks\":[\"prices\"]}", await again.NextAsync());
        Assert.Equal(other.LastId, again.LastId);
    }

    [Fact]
    public async Task A_viewer_that_has_missed_too_much_loads_everything_again()
    {
        await using var host = await StartAsync();
        string? lastId;
        using (var viewer = await EventReader.OpenAsync(host))
        {
            await viewer.NextAsync();
            lastId = viewer.LastId;
        }

        using var again = await EventReader.OpenAsync(host, lastId); // there was no viewer meanwhile
        using var strange = await EventReader.OpenAsync(host, "x");

        Assert.Equal("reset {}", await again.NextAsync());
        Assert.Equal("reset {}", await strange.NextAsync());
    }

    [Fact]
    public async Task Without_a_viewer_nothing_is_read()
    {
        await using var host = await StartAsync();
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(0, _reader.Queries);

        using (var viewer = await EventReader.OpenAsync(host))
            await viewer.NextAsync();
        await host.Time.AdvanceAsync(TimeSpan.FromSeconds(5)); // the stream notices that its viewer has left
        var before = _reader.Queries;
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(before, _reader.Queries);
    }

    [Fact]
    public async Task Fifty_viewers_cost_as_many_queries_as_one()
    {
        const int OnceInTwoSeconds = 31;
        Assert.InRange(await CountAsync(1), 1, OnceInTwoSeconds);
        Assert.InRange(await CountAsync(50), 1, OnceInTwoSeconds);
    }

    private async Task<int> CountAsync(int viewers)
    {
        await using var host = await StartAsync();
        var all = new List<EventReader>();
        for (var n = 0; n < viewers; n++)
            all.Add(await EventReader.OpenAsync(host));
        var before = _reader.Queries;
        for (var second = 0; second < 60; second++)
            await host.Time.AdvanceAsync(TimeSpan.FromSeconds(1));
        all.ForEach(viewer => viewer.Dispose());
        return _reader.Queries - before;
    }

    private Task<DashboardHost> StartAsync() => DashboardHost.StartOpenAsync(builder =>
    {
        builder.Services.AddSingleton<IRecurringTaskReader>(_reader);
        builder.Services.AddRecurringTask("prices", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromDays(1));
    });
}
