using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>One step as it was registered: its name, what it needs, and how it is bound to the services that provide that.</summary>
internal sealed record TaskStep(string Name, Func<IServiceProvider, Func<Iteration, CancellationToken, ValueTask>> Bind, params Type[] Needs)
{
    /// <summary>What else it needs that is not registered, as far as that can be known, each with the key under which it is needed, if any; null: nothing.</summary>
    public Func<IServiceProviderIsService, IEnumerable<(Type Service, object? Key)>>? MissingIn { get; init; }

    /// <summary>Where an iteration is that runs it, for those who ask why it does not end.</summary>
    public string Place { get; } = $"step '{Name}'";
}
