using System.CommandLine;

namespace SafeLoop.Store.Tool;

/// <summary>The options of a store.</summary>
/// <param name="environment">Reads an environment variable.</param>
internal sealed class StoreOptions(Func<string, string?> environment) : ISourceOptions
{
    private const string StoreVariable = "SAFELOOP_STORE", ApplicationVariable = "SAFELOOP_APPLICATION";

    private readonly Option<string?> _store = new("--store")
    {
        Description = "The connection string of the store: 'Data Source=safeloop.db' or 'Host=db;Database=app;Username=app'. "
            + $"Other users see the command line: a string with a password belongs into {StoreVariable}.",
        HelpName = "CONNECTION",
    };

    private readonly Option<string?> _application = new("--application")
    {
        Description = $"The application whose tasks are meant, where several share the store. Else {ApplicationVariable}.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _schema = new("--schema") { Description = "The schema of the tables.", HelpName = "NAME" };

    private readonly Option<string?> _prefix = new("--prefix")
    {
        Description = "The beginning of the names of the tables. Else safeloop_.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _by = new("--by")
    {
        Description = "Who operates, for the log of commands. Else the name of the user of this machine.",
        HelpName = "NAME",
    };

    public IReadOnlyList<Option> Options => [_store, _application, _schema, _prefix, _by];

    public ITaskSource Open(ParseResult parsed, Screen screen, TimeProvider time)
    {
        if ((parsed.GetValue(_store) ?? environment(StoreVariable)) is not { Length: > 0 } store)
            throw new ToolException(TaskExitCode.Usage, "It is not said where the tasks are. Give --store, such as "
                + $"--store 'Data Source=safeloop.db', or set {StoreVariable}. For an application with a dashboard, use the "
                + "tool safeloop with --url.");
        return new StoreTaskSource(new StoreServices(
            StoreConnection.Read(store),
            parsed.GetValue(_application) ?? environment(ApplicationVariable),
            parsed.GetValue(_schema),
            parsed.GetValue(_prefix),
            time))
        {
            Time = time,
            By = parsed.GetValue(_by) ?? Environment.UserName,
        };
    }
}
