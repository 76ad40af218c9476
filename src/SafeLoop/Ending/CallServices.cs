using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>The source of services for checks and handlers: a scope per call or, for a singleton task, the application.</summary>
internal readonly record struct CallServices(IServiceProvider Application, IServiceScopeFactory Scopes, bool IsSingleton);
