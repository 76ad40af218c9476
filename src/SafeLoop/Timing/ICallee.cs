namespace SafeLoop;

/// <summary>User code with a name that is built only for a report.</summary>
internal interface ICallee
{
    string CalleeName { get; }
}
