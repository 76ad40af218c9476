using CsCheck;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using static SafeLoop.Tests.Hosting.InvalidTasks;
using static SafeLoop.Tests.Hosting.Layers;

namespace SafeLoop.Tests.Hosting;

/// <summary>A null or an empty value in configuration sets an option's default, over code and the layers below.</summary>
public class ConfigurationUnsetTests
{
    private static readonly RecurringTaskOptions Defaults = new();

    public static TheoryData<string> Settings => [.. Paths.Select(path => path.Name)];

    private static IEnumerable<OptionPath> Paths => OptionPath.All.Where(path => path.CanWrite && Sample(path.Type) is not null);

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_can_be_unset_over_code(string setting)
    {
        var path = OptionPath.Of(setting);
        var value = path.Get(Defaults) is bool isSet ? !isSet : Sample(path.Type);
        foreach (var nothing in new[] { null, "", "  " })
        {
            var options = Options(
                task => task.Configure(options => path.Set(options, value)), Layer((setting, nothing)));

            Assert.NotEqual(value, path.Get(Defaults));
            Assert.Equal(path.Get(Defaults), path.Get(options));
            Assert.Empty(options.Unreadable);
        }
    }

    [Fact]
    public void A_null_takes_back_what_the_layers_below_set()
    {
        using var host = Run(
            task => task.Every(Second),
            Layer(("Timeout", "00:30:00"), ("Overlap:Policy", "Allow")),
            Layer(("Timeout", null), ("Overlap:Policy", "")));

        Assert.Equal((null, Overlap.Skip), (host["task"].Options.Timeout, host["task"].Options.Overlap.Policy));
    }

    [Fact]
    public void What_a_layer_above_sets_again_is_set()
    {
        using var host = Run(
            task => task.Every(Second), Layer(("Timeout", "00:30:00")), Layer(("Timeout", null)), Layer(("Timeout", "00:01:00")));

        Assert.Equal(TimeSpan.FromMinutes(1), host["task"].Options.Timeout);
    }

    [Fact]
    public void A_schedule_that_is_unset_hides_nothing()
    {
        using var below = Run(
            task => task.Every(Second), Layer(("Cron", "0 3 * * *")), Layer(("Delay", "00:00:20")), Layer(("Delay", null)));
        using var code = Run(
            task => task.Every(Second), Layer(("Cron", "0 3 * * *"), ("TimeZone", "Europe/Berlin")), Layer(("Cron", "")));

        Assert.Equal(("0 3 * * *", null), (below["task"].Options.Cron, below["task"].Options.Every));
        Assert.Equal(
            (null, Second, null), (code["task"].Options.Cron, code["task"].Options.Every, code["task"].Options.TimeZone));
    }

    [Theory]
    [InlineData("Every", null)]
    [InlineData("Every", "")]
    [InlineData("every", " ")]
    public void The_schedule_of_code_that_is_unset_leaves_none(string setting, string? value) => Assert.Equal(
        NoSchedule("Every"), Problem(task => task.Every(Second), Layer((setting, value))), ignoreCase: true);

    [Fact]
    public void The_cron_of_code_that_is_unset_leaves_no_schedule() => Assert.Equal(
        NoSchedule("Cron"), Problem(task => task.Cron("0 3 * * *", "Europe/Berlin"), Layer(("Cron", null))));

    [Fact]
    public void A_schedule_of_a_layer_below_that_is_unset_leaves_that_of_code_unset_too() => Assert.Equal(
        NoSchedule("Every"), Problem(task => task.Every(Second), Layer(("Every", "00:00:10")), Layer(("Every", null))));

    [Fact]
    public void A_schedule_that_is_unset_by_a_reload_leaves_the_old_one_in_force()
    {
        var root = Root(Layer(("Every", "00:00:10")));
        using var host = Run(task => task.Every(Second), root);
        root["RecurringTasks:task:Every"] = null;
        root.Reload();
        host.Settle();

        Assert.Equal(Second * 10, host["task"].Options.Every);
        Assert.Equal(NoSchedule("Every"), host["task"].Snapshot().RejectedChange);
    }

    private static string NoSchedule(string setting) =>
        $"Recurring task 'task': it has no schedule: RecurringTasks:task:{setting} is null or empty in the configuration, "
        + $"which removes {setting} of lower layers and of code. Remove that setting or give it a value. "
        + "To disable the task, set RecurringTasks:task:Enabled to false.";

    [Fact]
    public void A_zone_that_is_unset_is_UTC()
    {
        using var host = Run(task => task.Cron("0 3 * * *", "Europe/Berlin"), Layer(("TimeZone", null)));

        Assert.Equal(LoopHost.Start.AddHours(3), host["task"].UpcomingSlots(1)[0].Slot);
    }

    [Fact]
    public void A_lock_that_is_unset_takes_along_what_was_said_of_it()
    {
        using var host = Run(
            task => task.Every(Second).WithLock("lock", LockHeld.Wait, Second * 9, Second),
            Layer(("Lock:AtMostFor", "00:01:00")),
            Layer(("Lock", null)));
        var options = host["task"].Options;

        Assert.Equal(
            (null, LockHeld.Skip, null, TimeSpan.Zero),
            (options.Lock.Name, options.Lock.WhenHeld, options.Lock.AtMostFor, options.Lock.AtLeastFor));
    }

    [Fact]
    public void What_is_said_of_a_lock_where_it_is_unset_is_refused() => Assert.Equal(
        "Recurring task 'task': Lock:AtMostFor and Lock:AtLeastFor have no effect without Lock:Name. "
        + "Call WithLock(name, …), or set Lock:Name.",
        Problem(task => task.Every(Second).WithLock("lock"), Layer(("Lock", null)), Layer(("Lock:AtMostFor", "00:01:00"))));

    [Fact]
    public void A_back_off_that_is_unset_takes_along_what_was_said_of_it()
    {
        using var host = Run(task => task.Every(Second).BackOff(Second, Second * 9, 3, 0.5), Layer(("BackOff", null)));
        var options = host["task"].Options;

        Assert.Equal(
            (null, Defaults.BackOff.Max, 2, 0),
            (options.BackOff.Initial, options.BackOff.Max, options.BackOff.Factor, options.BackOff.Jitter));
    }

    [Fact]
    public void A_lock_that_is_unset_requires_no_fencing()
    {
        using var host = Run(
            task => task.Every(Second).WithLock("lock").RequireFencing(), Layer(("Lock:RequireFencing", "true")),
            Layer(("Lock", "")));

        Assert.Equal((null, false), (host["task"].Options.Lock.Name, host["task"].Options.Lock.RequireFencing));
    }

    [Fact]
    public void A_lock_that_is_unset_and_set_again_keeps_nothing_from_below()
    {
        using var host = Run(
            task => task.Every(Second).WithLock("lock", LockHeld.Wait, Second * 20, Second * 10),
            Layer(("Lock", null)),
            Layer(("Lock", "other"), ("Lock:AtMostFor", "00:00:05")));
        var options = host["task"].Options;

        Assert.Equal(
            ("other", LockHeld.Skip, Second * 5, TimeSpan.Zero),
            (options.Lock.Name, options.Lock.WhenHeld, options.Lock.AtMostFor, options.Lock.AtLeastFor));
    }

    public static TheoryData<string, string, string> Owned => new()
    {
        { "Lock", "Lock:WhenHeld", "Wait" },
        { "Lock", "Lock:AtMostFor", "00:00:05" },
        { "Lock", "Lock:AtLeastFor", "00:00:05" },
        { "Lock", "Lock:RequireFencing", "true" },
        { "BackOff", "BackOff:Max", "00:00:05" },
        { "BackOff", "BackOff:Factor", "3" },
        { "BackOff", "BackOff:Jitter", "0.5" },
    };

    [Theory]
    [MemberData(nameof(Owned))]
    public void Of_three_layers_the_highest_null_undoes_what_is_below_it(string owner, string owned, string value)
    {
        var first = owner == "Lock" ? "lock" : "00:00:01";
        object? Find(params Dictionary<string, string?>[] layers) =>
            OptionPath.Of(owned).Get(Options(_ => { }, layers));
        var (isSet, isDefault) = (Find(Layer((owned, value))), Find());

        Assert.NotEqual(isDefault, isSet);
        Assert.Equal(isDefault, Find(Layer((owner, first), (owned, value)), Layer((owner, null)), Layer((owner, first))));
        Assert.Equal(isSet, Find(Layer((owner, first)), Layer((owner, null)), Layer((owner, first), (owned, value))));
        Assert.Equal(isSet, Find(Layer((owner, null)), Layer((owned, value)), Layer((owner, first))));
        Assert.Equal(isDefault, Find(Layer((owned, value)), Layer((owner, first)), Layer((owner, ""))));
    }

    [Fact]
    public void Layers_act_like_one_configuration_after_the_other() =>
        Drawn.Array[0, 4].Sample(layers =>
        {
            var (all, oneByOne) = (InCode(), InCode());
            new ConfiguredTask(layers).ApplyTo(all);
            foreach (var layer in layers)
                new ConfiguredTask([layer]).ApplyTo(oneByOne);

            Assert.All(Paths, path => Assert.Equal(path.Get(oneByOne), path.Get(all)));
        });

    [Fact]
    public void A_pipeline_named_in_configuration_replaces_the_one_in_code()
    {
        using var host = LoopHost.Run(
            services =>
            {
                services.AddResiliencePipeline("retry", (_, _) => { });
                services.AddRecurringTask("task", Nothing).Every(Second).WithResilience(ResiliencePipeline.Empty);
                services.AddRecurringTask("other", Nothing).Every(Second).WithResilience(_ => { });
            },
            settings: new Dictionary<string, string?>
            {
                ["RecurringTasks:task:Resilience"] = "retry",
                ["RecurringTasks:other:Resilience"] = null
            });

        Assert.Equal(("retry", null), (host["task"].Options.Resilience, host["task"].Options.ResiliencePipeline));
        Assert.Null(host["other"].Options.ConfigureResilience);
    }

    [Theory]
    [InlineData("""{ "RecurringTasks": { "task": { "Timeout": null, "Lock": null, "Jitter": "" } } }""")]
    [InlineData("""{ "RecurringTasks": { "task": { "Timeout": {}, "Lock": "", "Jitter": [] } } }""")]
    [InlineData("""{ "recurringtasks": { "TASK": { "TIMEOUT": " ", "lock": null, "jitter": null } } }""")]
    public void As_JSON_files_write_it(string json)
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection(Layer(("Timeout", "00:30:00"))).AddJson(json).Build();
        using var host = Run(task => task.Every(Second).WithLock("lock").WithJitter(Second), root);
        var options = host["task"].Options;

        Assert.Equal((null, null, TimeSpan.Zero), (options.Timeout, options.Lock.Name, options.Jitter));
    }

    [Theory]
    [InlineData("""{ "RecurringTasks": null }""")]
    [InlineData("""{ "RecurringTasks": {} }""")]
    [InlineData("""{ "RecurringTasks": "" }""")]
    [InlineData("""{ "RecurringTasks": "  " }""")]
    [InlineData("""{ "RecurringTasks": [] }""")]
    [InlineData("""{ "RecurringTasks": { "task": null } }""")]
    [InlineData("""{ "RecurringTasks": { "task": {} } }""")]
    [InlineData("""{ "RecurringTasks": { "task": "" } }""")]
    [InlineData("""{ "RecurringTasks": { "task": "  " } }""")]
    [InlineData("""{ "RecurringTasks": { "task": [] } }""")]
    public void A_section_that_is_null_or_has_nothing_in_it_says_nothing(string json)
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection(Layer(("Every", "00:00:10"))).AddJson(json).Build();
        using var host = Run(task => task.Cron("0 3 * * *").WithTimeout(Second), root);

        Assert.Equal((Second * 10, Second), (host["task"].Options.Every, host["task"].Options.Timeout));
    }

    [Fact]
    public void As_environment_variables_and_the_command_line_write_it()
    {
        const string Prefix = "SAFELOOP_UNSET_";
        Environment.SetEnvironmentVariable($"{Prefix}RecurringTasks__task__Timeout", "");
        try
        {
            var root = new ConfigurationBuilder().AddEnvironmentVariables(Prefix)
                .AddCommandLine(["--RecurringTasks:task:Lock=", "/RecurringTasks:task:Jitter", ""]).Build();
            using var host = Run(task => task.Every(Second).WithTimeout(Second).WithLock("lock").WithJitter(Second), root);
            var options = host["task"].Options;

            Assert.Equal((null, null, TimeSpan.Zero), (options.Timeout, options.Lock.Name, options.Jitter));
        }
        finally
        {
            Environment.SetEnvironmentVariable($"{Prefix}RecurringTasks__task__Timeout", null);
        }
    }

    [Fact]
    public void An_empty_section_node_says_nothing()
    {
        // WebApplicationFactory passes each node of its settings as an argument, section nodes with an empty value.
        var root = new ConfigurationBuilder().AddCommandLine(
            [
                "--RecurringTasks=",
                "--RecurringTasks:sync=",
                "--RecurringTasks:sync:Every=00:00:05",
                "--RecurringTasks:sync:orders=",
                "--RecurringTasks:sync:orders:Every=00:00:06",
                "--RecurringTasks:sync:bills=",
            ]).Build();
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton<IConfiguration>(root);
            foreach (var name in new[] { "sync", "sync:orders", "sync:bills" })
                services.AddRecurringTask(name, Nothing).Every(Second);
        });

        Assert.Equal([Second * 5, Second * 6, Second], host.Tasks.All.Select(task => task.Options.Every!.Value));
        Assert.DoesNotContain(host.Logs.Lines, line => line.Id == 41);
    }

    [Fact]
    public void An_empty_setting_with_settings_of_its_own_is_refused() => Assert.Equal(
        "Recurring task 'task': RecurringTasks:task:Timeout has settings of its own (Value). "
            + "Write a duration such as 00:00:02.500 or 1.12:00:00.",
        Problem(task => task.Every(Second), Layer(("Timeout", ""), ("Timeout:Value", "00:00:01"))));

    [Fact]
    public void A_configuration_that_hides_its_layers_can_unset_too()
    {
        using var host = Run(task => task.Every(Second).WithTimeout(Second), new Opaque(Root(Layer(("Timeout", null)))));

        Assert.Null(host["task"].Options.Timeout);
    }

    [Fact]
    public void A_reload_unsets_and_sets_again()
    {
        var root = Root(Layer(("Lock", "lock")));
        using var host = Run(task => task.Every(Second).WithTimeout(Second), root);

        foreach (var (setting, value) in new[] { ("Timeout", null), ("Lock", (string?)null), ("Lock", "other") })
        {
            root[$"RecurringTasks:task:{setting}"] = value;
            root.Reload();
            host.Settle();
        }

        Assert.Equal((null, "other"), (host["task"].Options.Timeout, host["task"].Options.Lock.Name));
    }

    [Fact]
    public void A_setting_with_settings_of_its_own_is_refused() => Assert.Equal(
        "Recurring task 'task': RecurringTasks:task:Timeout has settings of its own (Value). "
        + "Write a duration such as 00:00:02.500 or 1.12:00:00.",
        Problem(task => task.Every(Second), Layer(("Timeout:Value", "00:00:01"))));

    private static Gen<ConfiguredSetting[]> Drawn => Gen.OneOf(
        SettingOf("Lock", "other"), SettingOf("Lock:WhenHeld", "Stop"), SettingOf("Lock:AtMostFor", "00:00:05"),
        SettingOf("Lock:AtLeastFor", "00:00:02"), SettingOf("Lock:RequireFencing", "false"),
        SettingOf("BackOff:Initial", "00:00:03"),
        SettingOf("BackOff:Max", "00:00:05"), SettingOf("BackOff:Factor", "4"), SettingOf("BackOff:Jitter", "0.7"))
        .Array[0, 6].Select(settings => settings.DistinctBy(setting => setting.Name).ToArray());

    private static Gen<ConfiguredSetting> SettingOf(string name, string value) =>
        Gen.Bool.Select(isUnset => new ConfiguredSetting(name, isUnset ? null : value, []));

    private static RecurringTaskOptions InCode() => new()
    {
        Every = Second,
        Lock = new()
        {
            Name = "lock", WhenHeld = LockHeld.Wait, AtMostFor = Second * 20, AtLeastFor = Second * 10, RequireFencing = true,
        },
        BackOff = { Initial = Second, Max = Second * 9, Factor = 3, Jitter = 0.5 },
    };

    private static object? Sample(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(bool) => true,
        var t when t == typeof(string) => "text",
        var t when t == typeof(TimeSpan) => TimeSpan.FromSeconds(7),
        var t when t == typeof(DateTimeOffset) => LoopHost.Start,
        var t when t == typeof(int) => 7,
        var t when t == typeof(long) => 7L,
        var t when t == typeof(double) => 0.7,
        { IsEnum: true } t => Enum.GetValuesAsUnderlyingType(t).Cast<int>().Select(value => Enum.ToObject(t, value)).Last(),
        _ => null, // not bound from configuration
    };
}
