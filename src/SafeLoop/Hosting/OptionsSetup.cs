using Microsoft.Extensions.Options;

namespace SafeLoop;

/// <summary>Applies the options configured for a task, including those for a name it had before it was renamed.</summary>
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

    // A setup for all names would run twice. The setups of the options framework are for one name, except ConfigureAll.
    private static bool IsForOneName(IConfigureNamedOptions<RecurringTaskOptions> setup) =>
        setup is ConfigureNamedOptions<RecurringTaskOptions> known
            ? known.Name is not null
            : setup.GetType().Assembly == typeof(ConfigureNamedOptions<>).Assembly;
}
