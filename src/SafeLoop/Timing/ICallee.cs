namespace SafeLoop;

/// <summary>User code whose name is built only when a report needs it.</summary>
internal interface ICallee
{
    string CalleeName { get; }
}
