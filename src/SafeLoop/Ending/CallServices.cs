using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop;

/// <summary>Where checks and handlers get their services: a scope for each call, or, of a singleton task, the application.</summary>
internal readonly record struct CallServices(IServiceProvider Application, IServiceScopeFactory Scopes, bool IsSingleton);
