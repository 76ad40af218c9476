using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Tests.House;

namespace SafeLoop.Tests.Readme;

/// <summary>A page cannot promise code that does not compile, nor a file that is not there.</summary>
public sealed class ReadmeTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(CoreSource.Root, "..", ".."));
    private static readonly string Page = Read("README.md");

    [Fact]
    public void Every_code_block_is_the_compiled_code_of_its_name()
    {
        var compiled = MarkedText.InSource(Read("tests/SafeLoop.Tests/Readme/Snippets.cs"));
        var shown = MarkedText.InMarkdown(Page);

        Assert.All(shown, block => Assert.Equal(compiled.GetValueOrDefault(block.Name, $"There is no snippet '{block.Name}'."),
            block.Code));
        Assert.Equal(compiled.Keys, shown.Select(block => block.Name));
    }

    [Fact]
    public void A_code_block_without_a_name_and_indentation_are_noticed()
    {
        Assert.Equal(
            [("", "a();"), ("named", "b();\n    .c();")],
            MarkedText.InMarkdown("```csharp\na();\n```\n\n<!-- snippet: named -->\n```csharp\n  b();\n      .c();\n```\n"));
    }

    [Fact]
    public void Every_linked_file_exists()
    {
        var links = MarkedText.FilesLinkedIn(Page);

        Assert.Contains("docs/images/recursive-leak.png", links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Root, link)),
            $"README.md links to {link}, which does not exist."));
    }

    [Fact]
    public Task The_task_with_steps_starts() => InHostAsync(Snippets.Steps, _ => Task.CompletedTask);

    [Fact]
    public Task Every_other_Monday_is_at_nine_all_year() => InHostAsync(Snippets.Schedules, tasks =>
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var slots = tasks["fortnight"].UpcomingSlots(30).Select(slot => TimeZoneInfo.ConvertTime(slot.Slot, zone)).ToArray();

        Assert.All(slots, slot => Assert.Equal((DayOfWeek.Monday, TimeSpan.FromHours(9)), (slot.DayOfWeek, slot.TimeOfDay)));
        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(14, (pair.Second.Date - pair.First.Date).Days));
        return Task.CompletedTask;
    });

    [Fact]
    public Task The_task_with_services_starts() => InHostAsync(Snippets.Services, _ => Task.CompletedTask);

    [Fact]
    public Task The_task_with_keys_starts() => InHostAsync(Snippets.Keys, _ => Task.CompletedTask);

    [Fact]
    public Task The_task_of_a_class_starts() =>
        InHostAsync(builder => Snippets.Class(builder, new Snippets.Device()), _ => Task.CompletedTask);

    [Fact]
    public Task The_control_lines_do_what_they_say() => InHostAsync(
        builder => builder.Services.AddRecurringTask("updateDeviceInfo", (iteration, ct) => Task.CompletedTask)
            .Every(TimeSpan.FromSeconds(2)).StartAfter(TimeSpan.FromHours(1)),
        async tasks =>
        {
            Assert.Equal(IterationOutcome.Succeeded, (await Snippets.Control(tasks)).Outcome);

            var task = Assert.Single(tasks.All);
            Assert.Equal(LoopEnd.Stopped, await task.Completion);
            Assert.Equal(TimeSpan.FromSeconds(5), task.Options.Every);
        });

    private static async Task InHostAsync(Action<IHostApplicationBuilder> register, Func<IRecurringTasks, Task> use)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<Snippets.DeviceClient>().AddSingleton<Snippets.DeviceStore>();
        register(builder);
        using var host = builder.Build();

        await host.StartAsync();
        await use(host.Services.GetRequiredService<IRecurringTasks>()).WaitAsync(ThreadedLoopHost.Patience);
        await host.StopAsync().WaitAsync(ThreadedLoopHost.Patience);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");
}
