using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>The registration of a keyed task.</summary>
internal sealed class RecurringTaskBuilder<TKey>(string name, IServiceCollection services)
    : RecurringTaskBuilder(name, services), IRecurringTaskBuilder<TKey>
    where TKey : notnull;
