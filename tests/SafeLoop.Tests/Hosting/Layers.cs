using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace SafeLoop.Tests.Hosting;

/// <summary>Hosts with a task named "task" whose configuration has several layers, the lowest first.</summary>
internal static class Layers
{
    public static Dictionary<string, string?> Layer(params (string Setting, string? Value)[] settings) =>
        settings.ToDictionary(setting => $"RecurringTasks:task:{setting.Setting}", setting => setting.Value);

    public static IConfigurationRoot Root(params Dictionary<string, string?>[] layers)
    {
        var builder = new ConfigurationBuilder();
        foreach (var layer in layers)
            builder.AddInMemoryCollection(layer);
        return builder.Build();
    }

    /// <summary>Read by the provider that reads appsettings.json.</summary>
    public static IConfigurationBuilder AddJson(this IConfigurationBuilder builder, string json) =>
        builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));

    public static LoopHost Run(Action<IRecurringTaskBuilder> configure, params Dictionary<string, string?>[] layers) =>
        Run(configure, Root(layers));

    public static LoopHost Run(Action<IRecurringTaskBuilder> configure, IConfiguration configuration) =>
        LoopHost.Run(services => Add(services, configure, configuration));

    /// <summary>The options alone, without a loop: one that runs continuously would never settle.</summary>
    public static RecurringTaskOptions Options(Action<IRecurringTaskBuilder> configure, IConfiguration configuration)
    {
        var services = new ServiceCollection();
        Add(services, configure, configuration);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsFactory<RecurringTaskOptions>>().Create("task");
    }

    public static RecurringTaskOptions Options(
        Action<IRecurringTaskBuilder> configure, params Dictionary<string, string?>[] layers) =>
        Options(configure, Root(layers));

    public static IReadOnlyList<string> Problems(Action<IRecurringTaskBuilder> configure, IConfiguration configuration) =>
        InvalidTasks.Problems(services => Add(services, configure, configuration));

    public static string Problem(Action<IRecurringTaskBuilder> configure, params Dictionary<string, string?>[] layers) =>
        Assert.Single(Problems(configure, Root(layers)));

    private static void Add(IServiceCollection services, Action<IRecurringTaskBuilder> configure, IConfiguration configuration)
    {
        services.AddSingleton(configuration); // the last registration wins
        configure(services.AddRecurringTask("task", InvalidTasks.Nothing));
    }

    /// <summary>A configuration that does not show its layers.</summary>
    public sealed class Opaque(IConfiguration inner) : IConfiguration
    {
        public string? this[string key]
        {
            get => inner[key];
            set => inner[key] = value;
        }

        public IConfigurationSection GetSection(string key) => inner.GetSection(key);

        public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren();

        public IChangeToken GetReloadToken() => inner.GetReloadToken();
    }
}
