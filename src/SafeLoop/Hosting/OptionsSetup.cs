using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>Applies what was configured for a task, also under a name that the task had before it was renamed.</summary>
internal static class OptionsSetup
{
    public static void Apply(
        IConfigureNamedOptions<RecurringTaskOptions> setup, string name, string[] aliases, RecurringTaskOptions options)
    {
        setup.Configure(name, options);
        if (!IsForOneName(setup))
            return;
        foreach (var alias in aliases)
            setup.Configure(alias, options);
    }

    // A setup for all names would act twice. Those of the options framework are for one name, but for ConfigureAll.
    private static bool IsForOneName(IConfigureNamedOptions<RecurringTaskOptions> setup) =>
        setup is ConfigureNamedOptions<RecurringTaskOptions> known
            ? known.Name is not null
            : setup.GetType().Assembly == typeof(ConfigureNamedOptions<>).Assembly;
}
