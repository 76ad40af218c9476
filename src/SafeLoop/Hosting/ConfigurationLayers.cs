using Microsoft.Extensions.Configuration;

namespace SafeLoop;

/// <summary>The layers of a configuration: its files, the environment, the command line, which know nothing of each other.</summary>
internal static class ConfigurationLayers
{
    /// <summary>What each layer has below a path, the lowest first. A configuration that does not show its layers is one.</summary>
    public static IEnumerable<IEnumerable<ConfiguredSetting>> Below(IConfiguration configuration, string path) =>
        configuration is IConfigurationRoot root
            ? Providers(root).Select(provider => Below(provider, path))
            : [configuration.GetSection(path).GetChildren().Select(SettingOf)];

    // A chained section starts somewhere inside its root, and does not say where: it is one layer.
    private static IEnumerable<IConfigurationProvider> Providers(IConfigurationRoot root) =>
        root.Providers.SelectMany(provider =>
            provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Providers(inner) : [provider]);

    private static IEnumerable<ConfiguredSetting> Below(IConfigurationProvider provider, string path) =>
        from name in ChildrenOf(provider, path)
        let key = ConfigurationPath.Combine(path, name)
        let value = provider.TryGet(key, out var text) ? text : null
        // A provider looks through all its keys for those below one, so only where there is no value.
        select new ConfiguredSetting(name, value, value is null ? ChildrenOf(provider, key).FirstOrDefault() : null);

    private static IEnumerable<string> ChildrenOf(IConfigurationProvider provider, string path) =>
        provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase);

    private static ConfiguredSetting SettingOf(IConfigurationSection section) =>
        new(section.Key, section.Value, section.Value is null ? section.GetChildren().FirstOrDefault()?.Key : null);
}
