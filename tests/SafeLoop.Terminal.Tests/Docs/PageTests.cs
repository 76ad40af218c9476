using System.CommandLine;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Store.Tool;

namespace SafeLoop.Terminal.Tests.Docs;

/// <summary>docs/command-line.md has what there is.</summary>
public class PageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root.Folder, "docs", "command-line.md"));

    [Fact]
    public void It_has_each_verb_with_an_example_that_can_be_parsed()
    {
        var root = new Command("safeloop");
        foreach (var verb in new VerbSetup(new UrlOptions(_ => null), TimeProvider.System, isTerminal: false).CreateAll())
            root.Add(verb);
        var examples = Page.Split('`').Where(code => code.StartsWith("safeloop ", StringComparison.Ordinal))
            .Select(code => code.Replace("0198a5a1-…", $"{Guid.Empty}", StringComparison.Ordinal))
            .Where(code => !code.EndsWith("--url", StringComparison.Ordinal)).ToArray();

        Assert.All(root.Subcommands, verb => Assert.Contains($"| `{verb.Name}` | `safeloop {verb.Name} ", Page));
        Assert.True(examples.Length > 9);
        Assert.All(examples, example => Assert.Empty(root.Parse(example.Replace('\'', '"')["safeloop ".Length..]).Errors));
    }

    [Fact]
    public async Task Its_first_example_is_what_is_printed()
    {
        await using var app = await LoopsApplication.StartAsync(services => services
            .AddRecurringTask("nightly", (_, _) => ValueTask.CompletedTask).Cron("0 3 * * *", "Europe/Berlin"));
        await app.Host.AdvanceAsync(TimeSpan.FromDays(2.5));
        await app.Services.GetRequiredService<IRecurringTaskCommands>()
            .SendAsync(new() { TaskName = "nightly", Kind = TaskCommandKind.Pause, By = "ann", Reason = "release" });
        await app.Host.AdvanceAsync(TimeSpan.FromHours(12));

        var ran = await app.RunAsync("why", "nightly", "--at", "03:00");

        var example = Page.Split("$ safeloop why nightly --at 03:00\n")[1].Split("\n```")[0];
        Assert.Equal(string.Join('\n', ran.Lines), example);
    }

    [Fact]
    public void It_has_each_exit_code()
    {
        var codes = typeof(TaskExitCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(code => (int)code.GetValue(null)!);

        Assert.All(codes, code => Assert.Contains($"\n| {code} | ", Page));
    }

    [Fact]
    public void It_has_each_environment_variable_and_each_property_of_a_task()
    {
        var options = new UrlOptions(_ => null).Options.Concat(new StoreOptions(_ => null).Options);
        var variables = options.SelectMany(option => (option.Description ?? "").Split(' ', '.', ','))
            .Where(word => word.StartsWith("SAFELOOP_", StringComparison.Ordinal));
        var properties = typeof(TaskLine).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);

        Assert.All(variables, name => Assert.Contains($"| `{name}` |", Page));
        Assert.Equal(5, variables.Count());
        Assert.All(properties, name => Assert.Contains($"`{name}`", Page));
    }
}
