using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.Tests.Hosting.InvalidTasks;
using static SafeLoop.Tests.Hosting.Layers;

namespace SafeLoop.Tests.Hosting;

/// <summary>
/// Options that belong together are groups, in code and in configuration, with a short form where one value is obvious.
/// </summary>
public class OptionGroupTests
{
    [Fact]
    public void Groups_are_set_in_code()
    {
        var options = new RecurringTaskOptions
        {
            Lock = new() { Name = "prices", WhenHeld = LockHeld.Wait },
            BackOff = { Initial = Second },
            Overlap = { Policy = Overlap.BufferAll, Max = 3 },
        };

        Assert.Equal(("prices", LockHeld.Wait, Second), (options.Lock.Name, options.Lock.WhenHeld, options.BackOff.Initial));
        Assert.Equal((Overlap.BufferAll, 3), (options.Overlap.Policy, options.Overlap.Max));
    }

    [Fact]
    public void Null_resets_a_group_in_code()
    {
        var options = new RecurringTaskOptions { Lock = { Name = "prices" }, Failures = { StopAfter = 3 } };
        (options.Lock, options.Failures) = (null, null);

        Assert.Equal((null, null), (options.Lock.Name, options.Failures.StopAfter));
    }

    [Fact]
    public void The_options_of_a_handle_are_a_copy_in_every_group()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", Nothing).Every(Second).WithLock("lock"));
        var options = host["task"].Options;
        (options.Lock.Name, options.Overlap.Max, options.BackOff.Initial) = ("other", 7, Second);
        (options.Missed.Max, options.DaylightSaving.Skipped, options.Failures.StopAfter) = (7, SkippedTime.Shift, 7);

        var inForce = host["task"].Options;
        var untouched = new RecurringTaskOptions();
        Assert.Equal(("lock", 100), (inForce.Lock.Name, inForce.Overlap.Max));
        Assert.Equal((untouched.BackOff, untouched.Missed), (inForce.BackOff, inForce.Missed));
        Assert.Equal((untouched.DaylightSaving, untouched.Failures), (inForce.DaylightSaving, inForce.Failures));
    }

    [Theory]
    [InlineData("""{ "Lock": "prices" }""", "Lock:Name", "prices")]
    [InlineData("""{ "Lock": { "Name": "prices" } }""", "Lock:Name", "prices")]
    [InlineData("""{ "BackOff": "00:00:01" }""", "BackOff:Initial", "00:00:01")]
    [InlineData("""{ "Overlap": "BufferOne" }""", "Overlap:Policy", "BufferOne")]
    [InlineData("""{ "Missed": "RunAll" }""", "Missed:Policy", "RunAll")]
    [InlineData("""{ "Missed": { "Policy": "RunAll" } }""", "Missed:Policy", "RunAll")]
    [InlineData("""{ "Failures": { "PauseAfter": 3 } }""", "Failures:PauseAfter", "3")]
    [InlineData("""{ "DaylightSaving": { "Repeated": "Both" } }""", "DaylightSaving:Repeated", "Both")]
    public void One_value_stands_for_a_group_where_it_is_obvious(string json, string option, string value)
    {
        var root = new ConfigurationBuilder().AddJson($$"""{ "RecurringTasks": { "task": {{json}} } }""").Build();
        var options = Options(task => task.Every(Second), root);

        Assert.Equal(value, $"{OptionPath.Of(option).Get(options)}");
        Assert.Empty(options.Unreadable);
    }

    [Fact]
    public void The_short_form_of_a_higher_layer_replaces_the_name_below_and_keeps_the_rest()
    {
        var options = Options(
            task => task.Every(Second), Layer(("Lock:Name", "low"), ("Lock:AtMostFor", "00:01:00")), Layer(("Lock", "high")));
        Assert.Equal(("high", Second * 60), (options.Lock.Name, options.Lock.AtMostFor));
    }

    [Fact]
    public void The_name_of_a_higher_layer_replaces_the_short_form_below_though_the_merged_configuration_has_both()
    {
        var root = Root(Layer(("Lock", "low")), Layer(("Lock:Name", "high"), ("Lock:WhenHeld", "Wait")));
        var options = Options(task => task.Every(Second), root);

        Assert.Equal("low", root["RecurringTasks:task:Lock"]);
        Assert.Equal(("high", LockHeld.Wait), (options.Lock.Name, options.Lock.WhenHeld));
        Assert.Empty(options.Unreadable);
    }

    [Fact]
    public void A_value_and_its_group_in_one_layer_are_one_group()
    {
        var options = Options(task => task.Every(Second), Layer(("Lock", "prices"), ("Lock:AtMostFor", "00:01:00")));
        Assert.Equal(("prices", Second * 60), (options.Lock.Name, options.Lock.AtMostFor));
    }

    [Fact]
    public void A_value_and_a_member_that_say_the_same_twice_are_refused() => Assert.Equal(
        "Recurring task 'task': RecurringTasks:task:Lock 'one' and Lock:Name 'other' set the same option. Keep one.",
        Problem(task => task.Every(Second), Layer(("Lock", "one"), ("Lock:Name", "other"))));

    [Fact]
    public void A_configuration_that_does_not_show_its_layers_cannot_say_which_of_two_is_higher()
    {
        var root = Root(Layer(("Lock", "low")), Layer(("Lock:Name", "high")));
        var problem = Assert.Single(Problems(task => task.Every(Second), new Opaque(root)));
        Assert.EndsWith("Lock 'low' and Lock:Name 'high' set the same option. Keep one.", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Failures", "3", "Failures:PauseAfter or Failures:StopAfter or Failures:StopHostAfter")]
    [InlineData("DaylightSaving", "Skip", "DaylightSaving:Skipped or DaylightSaving:Repeated")]
    public void A_value_for_a_group_without_a_short_form_is_refused(string group, string value, string settings) => Assert.Equal(
        $"Recurring task 'task': RecurringTasks:task:{group} '{value}' is a value, but holds settings. Write {settings}.",
        ProblemOfSetting(group, value));

    [Theory]
    [InlineData("Overlap", "Sometimes",
        "Overlap:Policy 'Sometimes' is not one of Skip, BufferOne, BufferAll, CancelRunning, Allow.")]
    [InlineData("BackOff", "1", "BackOff:Initial '1' is not a duration such as 00:00:02.500 or 1.12:00:00.")]
    [InlineData("Lock:AtMostFr", "00:01:00", "Lock:AtMostFr is not a setting, did you mean 'Lock:AtMostFor'?")]
    [InlineData("Lock:Name:Text", "x", "Lock:Name has settings of its own (Text). Write a text.")]
    [InlineData("Lok", "x", "Lok is not a setting, did you mean 'Lock'?")]
    public void A_mistake_within_a_group(string setting, string value, string sentence) => Assert.Equal(
        $"Recurring task 'task': RecurringTasks:task:{sentence}", ProblemOfSetting(setting, value));

    [Theory]
    [InlineData("BackOffInitial", "00:00:01", "BackOff:Initial")]
    [InlineData("BackOffMax", "00:00:01", "BackOff:Max")]
    [InlineData("BackOffFactor", "2", "BackOff:Factor")]
    [InlineData("BackOffJitter", "0", "BackOff:Jitter")]
    [InlineData("WhenLockHeld", "Wait", "Lock:WhenHeld")]
    [InlineData("LockAtMostFor", "00:01:00", "Lock:AtMostFor")]
    [InlineData("LockAtLeastFor", "00:01:00", "Lock:AtLeastFor")]
    [InlineData("RequireFencing", "true", "Lock:RequireFencing")]
    [InlineData("OnMissed", "RunAll", "Missed:Policy")]
    [InlineData("MissedWindow", "00:01:00", "Missed:Window")]
    [InlineData("MissedMax", "3", "Missed:Max")]
    [InlineData("OnOverlap", "Allow", "Overlap:Policy")]
    [InlineData("overlapmax", "3", "Overlap:Max")]
    [InlineData("Gap", "Skip", "DaylightSaving:Skipped")]
    [InlineData("Repeat", "Both", "DaylightSaving:Repeated")]
    [InlineData("PauseAfterFailures", "3", "Failures:PauseAfter")]
    [InlineData("StopAfterFailures", "3", "Failures:StopAfter")]
    [InlineData("StopHostAfterFailures", "3", "Failures:StopHostAfter")]
    public void An_old_name_is_answered_with_the_new_one(string old, string value, string now)
    {
        Assert.Equal(
            $"Recurring task 'task': RecurringTasks:task:{old} is now {now}. Rename it.", ProblemOfSetting(old, value));
        Assert.True(OptionsSettings.Has(now), now);
    }

    [Fact]
    public void Every_member_of_a_group_is_a_setting() => Assert.Empty(
        OptionPath.All.Where(path => path.Name.Contains(':') && !OptionsSettings.Has(path.Name)).Select(path => path.Name));

    [Theory]
    [InlineData("Lock")]
    [InlineData("BackOff")]
    [InlineData("Missed")]
    [InlineData("Overlap")]
    [InlineData("DaylightSaving")]
    [InlineData("Failures")]
    public void A_null_group_resets_all_that_code_and_lower_layers_have_set(string group)
    {
        var members = OptionPath.All.Where(path => path.Name.StartsWith($"{group}:", StringComparison.Ordinal)).ToArray();
        var options = Options(
            task => task.Every(Second).WithLock("lock", LockHeld.Wait, Second * 9, Second).RequireFencing()
                .BackOff(Second, Second * 9, 3, 0.5)
                .OnMissed(MissedSlots.RunAll, Second, 7).OnOverlap(Overlap.Allow, 7)
                .OnDaylightSaving(SkippedTime.Skip, RepeatedTime.Both)
                .PauseAfterFailures(3).StopAfterFailures(4).StopHostAfterFailures(5),
            Layer(($"{group}:Max", "8")),
            Layer((group, null)));

        Assert.All(members, path => Assert.Equal(path.Get(new RecurringTaskOptions()), path.Get(options)));
    }

    [Fact]
    public void The_section_of_another_task_is_no_group()
    {
        var settings = new Dictionary<string, string?> { ["RecurringTasks:task:Lock:Every"] = "00:00:05" };
        using var host = LoopHost.Run(
            services =>
            {
                services.AddRecurringTask("task", Nothing).Every(Second);
                services.AddRecurringTask("task:Lock", Nothing).Every(Second);
            },
            settings: settings);

        Assert.Equal((null, Second * 5), (host["task"].Options.Lock.Name, host["task:Lock"].Options.Every));
    }

    [Fact]
    public void The_general_binder_fills_the_groups_too()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [
                new("Lock:Name", "prices"),
                new("BackOff:Initial", "00:00:01"),
                new("Overlap:Policy", "Allow"),
                new("Failures:StopAfter", "3")
            ]).Build();
        var options = new RecurringTaskOptions();
        configuration.Bind(options);

        Assert.Equal(("prices", Second, Overlap.Allow, 3),
            (options.Lock.Name, options.BackOff.Initial, options.Overlap.Policy, options.Failures.StopAfter));
    }

    [Fact]
    public void Definitions_share_the_groups_that_are_the_default()
    {
        var options = new RecurringTaskOptions { Lock = { Name = "lock" }, Missed = { Policy = MissedSlots.RunLatest } }.Freeze();

        Assert.Same(BackOffOptions.Default, options.BackOff);
        Assert.Same(MissedOptions.Default, options.Missed);
        Assert.NotSame(LockOptions.Default, options.Lock);
        Assert.NotSame(BackOffOptions.Default, options.Copy().BackOff);
    }
}
