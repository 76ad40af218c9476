namespace SafeLoop;

/// <summary>
/// An observer of SafeLoop's own. It gets an event before all others, and keeps nothing of it that is valid only during the call.
/// </summary>
internal interface IOwnObserver : IRecurringTaskObserver;
