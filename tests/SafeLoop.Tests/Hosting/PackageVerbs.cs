using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Hosting;

/// <summary>A verb as another package writes it: with the name and the services alone.</summary>
internal static class PackageVerbs
{
    public static TBuilder WithPackageTimeout<TBuilder>(this TBuilder builder, TimeSpan limit)
        where TBuilder : IRecurringTaskBuilder
    {
        builder.Services.Configure<RecurringTaskOptions>(builder.Name, options => options.Timeout = limit);
        return builder;
    }
}
