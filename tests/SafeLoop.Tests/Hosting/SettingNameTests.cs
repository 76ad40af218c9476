using static SafeLoop.Tests.Hosting.InvalidTasks;

namespace SafeLoop.Tests.Hosting;

/// <summary>The name of a verb, or a word of another scheduler, written as a setting.</summary>
public class SettingNameTests
{
    [Theory]
    [InlineData("Timout", "00:00:01", "Timeout")]
    [InlineData("WithDelay", "00:00:01", "Delay")]
    [InlineData("withdelay", "00:00:01", "Delay")]
    [InlineData("WithTimeout", "00:00:01", "Timeout")]
    [InlineData("WithJitter", "00:00:01", "Jitter")]
    [InlineData("WithLock", "lock", "Lock")]
    [InlineData("WithResilience", "retry", "Resilience")]
    [InlineData("AsSingleton", "true", "Singleton")]
    [InlineData("OnDaylightSaving", "Skip", "DaylightSaving:Skipped' or 'DaylightSaving:Repeated")]
    [InlineData("Interval", "00:00:01", "Every' or 'Delay")]
    [InlineData("Period", "00:00:01", "Every' or 'Delay")]
    [InlineData("Frequency", "00:00:01", "Every' or 'Delay")]
    [InlineData("CronExpression", "0 3 * * *", "Cron")]
    [InlineData("CronSchedule", "0 3 * * *", "Cron")]
    [InlineData("Expression", "0 3 * * *", "Cron")]
    [InlineData("Schedule", "0 3 * * *", "Cron")]
    [InlineData("Schedule", "00:00:01", "Every' or 'Delay")]
    [InlineData("Zone", "Europe/Berlin", "TimeZone")]
    [InlineData("TimeZoneId", "Europe/Berlin", "TimeZone")]
    [InlineData("TZ", "Europe/Berlin", "TimeZone")]
    [InlineData("MaxRetries", "3", "Resilience")]
    [InlineData("RetryCount", "3", "Resilience")]
    [InlineData("InitialDelay", "00:00:01", "StartAfter")]
    [InlineData("DueTime", "00:00:01", "StartAfter")]
    [InlineData("RunOnStartup", "true", "RunOnStart")]
    [InlineData("RunOnceAtStart", "true", "RunOnStart")]
    [InlineData("Disabled", "true", "Enabled")]
    [InlineData("IsEnabled", "true", "Enabled")]
    [InlineData("Concurrent", "true", "Overlap")]
    [InlineData("ConcurrencyPolicy", "Forbid", "Overlap")]
    [InlineData("Misfire", "Skip", "Missed")]
    [InlineData("LockName", "lock", "Lock")]
    [InlineData("ShutdownTimeout", "00:00:01", "DrainFor")]
    public void Did_you_mean(string setting, string value, string meant) => Assert.Equal(
        $"Recurring task 'task': RecurringTasks:task:{setting} is not a setting, did you mean '{meant}'?",
        ProblemOfSetting(setting, value));

    [Theory]
    [InlineData("DaylightSaving:Gap", "DaylightSaving:Skipped")]
    [InlineData("DaylightSaving:Repeat", "DaylightSaving:Repeated")]
    public void An_old_name_within_its_new_group_is_a_rename_too(string setting, string now) => Assert.Equal(
        $"Recurring task 'task': RecurringTasks:task:{setting} is now {now}. Rename it.",
        ProblemOfSetting(setting, "Skip"));

    [Theory]
    [InlineData("DelayBy", "DelayBy")]
    [InlineData("DelayPolicy", "DelayBy")]
    [InlineData("Except", "Except")]
    [InlineData("Exclusions", "Except")]
    [InlineData("While", "While")]
    [InlineData("WhileChecks", "While")]
    [InlineData("Until", "Until")]
    [InlineData("UntilChecks", "Until")]
    [InlineData("OnFailure", "OnFailure")]
    [InlineData("FailureHandlers", "OnFailure")]
    [InlineData("Step", "Step")]
    [InlineData("KeysFrom", "KeysFrom")]
    [InlineData("ResiliencePipeline", "WithResilience")]
    [InlineData("ConfigureResilience", "WithResilience")]
    public void What_only_code_can_set(string setting, string verb) => Assert.Equal(
        $"Recurring task 'task': RecurringTasks:task:{setting} cannot be set in configuration. Call {verb} in code.",
        ProblemOfSetting(setting, "1"));

    [Theory]
    [InlineData("Colour")]
    [InlineData("Description")]
    public void A_word_that_no_scheduler_has_gets_no_suggestion(string setting) =>
        Assert.Equal($"Recurring task 'task': RecurringTasks:task:{setting} is not a setting.", ProblemOfSetting(setting, "1"));

    [Fact]
    public void Every_verb_is_a_setting_a_short_form_of_one_or_for_code_only()
    {
        var verbs = typeof(Microsoft.Extensions.DependencyInjection.RecurringTaskScheduleExtensions).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == "Microsoft.Extensions.DependencyInjection")
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsStatic && method.GetParameters() is [var first, ..]
                && typeof(IRecurringTaskBuilder).IsAssignableFrom(first.ParameterType))
            .Select(method => method.Name)
            .Except(["Named", "Configure"]) // which are about the registration itself
            .Distinct();

        foreach (var verb in verbs)
        {
            var options = new RecurringTaskOptions();
            var problem = OptionsSettings.Apply(options, new(verb, "1", []));
            Assert.True(problem is null || !problem.EndsWith("is not a setting", StringComparison.Ordinal), problem);
        }
    }
}
