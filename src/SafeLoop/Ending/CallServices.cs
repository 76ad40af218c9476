using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>
/// Provides services to checks and handlers: a scope per call or, for a singleton task, the application's services.
/// </summary>
internal readonly record struct CallServices(IServiceProvider Application, IServiceScopeFactory Scopes, bool IsSingleton);
