namespace SafeLoop;

/// <summary>Users' code that is called, with a name that is made only for a report.</summary>
internal interface ICallee
{
    string CalleeName { get; }
}
