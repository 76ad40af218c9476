using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Aot;

/// <summary>Something that must work in a native program.</summary>
internal interface ITrial
{
    void Register(IServiceCollection services);

    /// <returns>What was seen, as a line.</returns>
    Task<string> RunAsync(IServiceProvider services);
}
