using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Testing;
using static SafeLoop.Tests.Hosting.Layers;

namespace SafeLoop.Tests.Hosting;

/// <summary>For each option it is known what set it, what is in force, and what became of the rest.</summary>
public class OptionChainTests
{
    [Fact]
    public async Task All_options_are_listed()
    {
        await using var host = await StartAsync(task => task.Every(1.Minutes), Root());

        var listed = OptionChains.Read(host["task"]).Select(chain => chain.Name).ToList();

        Assert.Equal(listed.Distinct(), listed);
        Assert.Equal(OptionsOf(typeof(RecurringTaskOptions), "").Append("KeySchedules").Order(), listed.Order());
    }

    [Fact]
    public async Task Without_a_configuration_code_is_in_force_over_the_defaults()
    {
        await using var host = await StartAsync(task => task.Every(1.Minutes).WithTimeout(5.Seconds), Root());

        Assert.Equal(["Code 00:01:00 InForce"], Steps(host, "Every"));
        Assert.Equal(["Code 00:00:05 InForce"], Steps(host, "Timeout"));
        Assert.Empty(Steps(host, "Jitter"));
        Assert.Equal(TimeSpan.FromSeconds(10), Chain(host, "StuckAfter").Value);
    }

    [Fact]
    public async Task The_highest_layer_replaces_the_layers_below_and_code_whatever_the_capitals()
    {
        await using var host = await StartAsync(
            task => task.Every(1.Minutes).WithTimeout(5.Seconds),
            Root(Layer(("TIMEOUT", "00:00:06")), Layer(("Timeout", "00:00:07"), ("jitter", "00:00:01"))));

        Assert.Equal(
            ["Code 00:00:05 Replaced", "Configuration memory 00:00:06 Replaced", "Configuration memory 00:00:07 InForce"],
            Steps(host, "Timeout"));
        Assert.Equal(["Configuration memory 00:00:01 InForce"], Steps(host, "Jitter"));
    }

    [Fact]
    public async Task A_file_is_named_and_the_text_of_another_provider_is_not_shown_because_it_may_hold_a_secret()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, """{ "RecurringTasks": { "task": { "Timeout": "00:00:06" } } }""");
        var file = new ConfigurationBuilder().AddJsonFile(path).Build();
        await using var host = await StartAsync(
            task => task.Every(1.Minutes), new ConfigurationRoot([.. file.Providers, new DatabaseConfigurationProvider()]));

        Assert.Equal(
            [$"Configuration {Path.GetFileName(path)} 00:00:06 Replaced", "Configuration database 00:00:07 InForce"],
            Steps(host, "Timeout"));
        File.Delete(path);
    }

    [Fact]
    public async Task A_null_sets_the_default()
    {
        await using var host = await StartAsync(
            task => task.Every(1.Minutes).WithTimeout(5.Seconds), Root(Layer(("Timeout", null))));

        Assert.Equal(["Code 00:00:05 Replaced", "Configuration memory none InForce"], Steps(host, "Timeout"));
        Assert.Null(Chain(host, "Timeout").Value);
    }

    [Fact]
    public async Task A_schedule_of_a_higher_layer_hides_those_below_it()
    {
        await using var host = await StartAsync(
            task => task.Every(1.Minutes),
            Root(Layer(("Cron", "0 3 * * *"), ("TimeZone", "Europe/Berlin")), Layer(("Delay", "00:00:20"))));

        Assert.Equal(["Code 00:01:00 Hidden"], Steps(host, "Every"));
        Assert.Equal(["Configuration memory 0 3 * * * Hidden"], Steps(host, "Cron"));
        Assert.Equal(["Configuration memory Europe/Berlin Hidden"], Steps(host, "TimeZone"));
        Assert.Equal(["Configuration memory 00:00:20 InForce"], Steps(host, "Delay"));
    }

    [Fact]
    public async Task A_null_group_resets_its_options_and_a_short_form_sets_one()
    {
        await using var host = await StartAsync(
            task => task.Every(1.Minutes).BackOff(2.Seconds, 1.Minutes).OnOverlap(Overlap.BufferOne),
            Root(Layer(("BackOff:Factor", "3")), Layer(("BackOff", null), ("Overlap", "Skip"))));

        Assert.Equal(["Code 00:00:02 Reset"], Steps(host, "BackOff:Initial"));
        Assert.Equal(["Configuration memory 3 Reset"], Steps(host, "BackOff:Factor"));
        Assert.Equal(["Code BufferOne Replaced", "Configuration memory Skip InForce"], Steps(host, "Overlap:Policy"));
    }

    [Fact]
    public async Task The_setting_for_all_tasks_and_later_code_win_over_the_task()
    {
        var common = new Dictionary<string, string?> { ["RecurringTasks:Enabled"] = "false" };
        await using var host = await StartAsync(
            task => task.Every(1.Minutes),
            Root(common, Layer(("Enabled", "true"))),
            services => services.PostConfigure<RecurringTaskOptions>("task", options => options.Timeout = 9.Seconds));

        Assert.Equal(
            ["Configuration memory True Replaced", "Configuration RecurringTasks:Enabled False InForce"],
            Steps(host, "Enabled"));
        Assert.Equal(["LaterCode 00:00:09 InForce"], Steps(host, "Timeout"));
    }

    [Fact]
    public async Task A_change_at_run_time_wins_over_all()
    {
        await using var host = await StartAsync(
            task => task.Every(1.Minutes), Root(Layer(("Timeout", "00:00:06"))));
        var options = host["task"].Options;
        (options.Timeout, options.Every) = (8.Seconds, 2.Minutes);
        var change = host["task"].ChangeAsync(options);
        await host.AdvanceAsync(TimeSpan.Zero);
        await change;

        Assert.Equal(["Code 00:01:00 Replaced", "Change 00:02:00 InForce"], Steps(host, "Every"));
        Assert.Equal(["Configuration memory 00:00:06 Replaced", "Change 00:00:08 InForce"], Steps(host, "Timeout"));
    }

    [Fact]
    public async Task A_reload_that_changes_no_value_still_says_where_it_comes_from()
    {
        var configuration = Root(Layer(("Every", "00:01:00")), []);
        await using var host = await StartAsync(task => task.Every(1.Minutes), configuration);
        configuration.Providers.Last().Set("RecurringTasks:task:Every", "00:01:00");

        configuration.Reload();
        await host.AdvanceAsync(TimeSpan.Zero);

        Assert.Equal(
            ["Code 00:01:00 Replaced", "Configuration memory 00:01:00 Replaced", "Configuration memory 00:01:00 InForce"],
            Steps(host, "Every"));
    }

    private static IEnumerable<string> OptionsOf(Type type, string prefix) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        let isGroup = property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
        from name in isGroup ? OptionsOf(property.PropertyType, $"{property.Name}:") : [$"{prefix}{property.Name}"]
        select name;

    private static OptionChain Chain(VirtualHost host, string option) =>
        OptionChains.Read(host["task"]).Single(chain => chain.Name == option);

    private static IEnumerable<string> Steps(VirtualHost host, string option) =>
        Chain(host, option).Steps.Select(step =>
            $"{step.Source} {(step.Layer is null ? "" : $"{step.Layer} ")}{step.Value ?? "none"} {step.Fate}");

    private static Task<VirtualHost> StartAsync(
        Action<IRecurringTaskBuilder> configure, IConfigurationRoot configuration, Action<IServiceCollection>? more = null) =>
        VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<IConfiguration>(configuration);
            configure(builder.Services.AddRecurringTask("task", (_, _) => ValueTask.CompletedTask));
            more?.Invoke(builder.Services);
        });

    private sealed class DatabaseConfigurationProvider : ConfigurationProvider
    {
        public DatabaseConfigurationProvider() => Data["RecurringTasks:task:Timeout"] = "00:00:07";

        public override string ToString() => "DatabaseConfigurationProvider for 'Server=db;Password=s3cret'";
    }
}
