using Microsoft.Extensions.Configuration;

namespace SafeLoop;

/// <summary>Reads the layers of a configuration (files, environment, command line) separately.</summary>
internal static class ConfigurationLayers
{
    /// <summary>
    /// The settings of each layer below a path, lowest layer first. A configuration that does not show its layers counts as one.
    /// </summary>
    public static IEnumerable<IEnumerable<ConfiguredSetting>> Below(IConfiguration configuration, string path) =>
        configuration is IConfigurationRoot root
            ? Providers(root).Select(provider => Below(provider, path))
            : [configuration.GetSection(path).GetChildren().Select(SettingOf)];

    // A chained section does not expose its path inside its root, so it counts as one layer.
    private static IEnumerable<IConfigurationProvider> Providers(IConfigurationRoot root) =>
        root.Providers.SelectMany(provider =>
            provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Providers(inner) : [provider]);

    private static IEnumerable<ConfiguredSetting> Below(IConfigurationProvider provider, string path) =>
        from name in ChildrenOf(provider, path)
        let key = ConfigurationPath.Combine(path, name)
        let value = provider.TryGet(key, out var text) ? text : null
        // Finding child keys scans all keys of the provider, so it is done only when there is no value. Some hosts write
        // section nodes with an empty value.
        select new ConfiguredSetting(
            name, value, string.IsNullOrWhiteSpace(value) ? ChildrenOf(provider, key).FirstOrDefault() : null);

    private static IEnumerable<string> ChildrenOf(IConfigurationProvider provider, string path) =>
        provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase);

    private static ConfiguredSetting SettingOf(IConfigurationSection section) => new(
        section.Key,
        section.Value,
        string.IsNullOrWhiteSpace(section.Value) ? section.GetChildren().FirstOrDefault()?.Key : null);
}
