using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Hosting;

/// <summary>Compares with the container: a problem must be reported if, and only if, the container refuses the service.</summary>
internal static class ContainerOracle
{
    public static void Check(IServiceCollection services, Type asked, bool isSingleton, string registrations)
    {
        using var provider = services.BuildServiceProvider(validateScopes: true);
        var graph = new ServiceGraph(provider.GetRequiredService<IServiceProviderIsService>(), services, validatesScopes: true);

        var reported = graph.ProblemsOf(asked, isSingleton).ToArray();
        var refused = Refusal(provider, asked, isSingleton);
        Assert.True(
            reported.Length > 0 == refused is not null,
            $"{asked}, {registrations}, singleton {isSingleton}: "
            + $"reported {string.Join(", ", reported.Select(problem => problem.Sentence("step", isClass: false)))}, "
            + $"refused: {refused}");
    }

    private static string? Refusal(ServiceProvider provider, Type type, bool isSingleton)
    {
        using var scope = provider.CreateScope();
        try
        {
            (isSingleton ? provider : scope.ServiceProvider).GetRequiredService(type);
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            return error.Message;
        }
    }
}
