namespace SafeLoop;

/// <summary>One step as it was registered: its name, what it needs, and how it is bound to the services that provide that.</summary>
internal sealed record TaskStep(string Name, Func<IServiceProvider, Func<Iteration, CancellationToken, ValueTask>> Bind, params Type[] Needs);
