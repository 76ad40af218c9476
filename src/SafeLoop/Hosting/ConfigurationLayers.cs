using Microsoft.Extensions.Configuration;

namespace SafeLoop;

/// <summary>Reads the layers of a configuration (files, environment, command line) separately.</summary>
internal static class ConfigurationLayers
{
    /// <summary>
    /// The settings below a path in each layer, lowest layer first. A configuration that does not expose its layers counts as
    /// one layer.
    /// </summary>
    public static IEnumerable<IEnumerable<ConfiguredSetting>> Below(IConfiguration configuration, string path) =>
        configuration is IConfigurationRoot root
            ? Providers(root).Select(provider => Below(provider, path))
            : [configuration.GetSection(path).GetChildren().Select(section => SettingOf(section, section.Key))];

    /// <summary>The names of the layers, lowest first.</summary>
    public static IReadOnlyList<string> NamesOf(IConfiguration configuration) =>
        configuration is IConfigurationRoot root ? [.. Providers(root).Select(NameOf)] : ["configuration"];

    // A file describes itself: "JsonConfigurationProvider for 'appsettings.json' (Optional)". The text of another provider may
    // hold a secret, such as a connection string.
    private static string NameOf(IConfigurationProvider provider)
    {
        const string Suffix = "ConfigurationProvider";
        if (IsFile(provider.GetType()) && $"{provider}".Split('\'') is [_, { Length: > 0 } file, ..])
            return Path.GetFileName(file);
        var type = provider.GetType().Name;
        var name = type.EndsWith(Suffix, StringComparison.Ordinal) ? type[..^Suffix.Length] : type;
        var words = name.Select(letter => char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}");
        return string.Concat(words).TrimStart();
    }

    private static bool IsFile(Type? type) => type is not null
        && (type.FullName is "Microsoft.Extensions.Configuration.FileConfigurationProvider" || IsFile(type.BaseType));

    // A chained section does not expose its path inside its root, so it counts as one layer.
    private static IEnumerable<IConfigurationProvider> Providers(IConfigurationRoot root) =>
        root.Providers.SelectMany(provider =>
            provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Providers(inner) : [provider]);

    private static IEnumerable<ConfiguredSetting> Below(IConfigurationProvider provider, string path) =>
        ChildrenOf(provider, path).Select(name => SettingOf(provider, ConfigurationPath.Combine(path, name), name));

    // Finding child keys scans all keys of the provider. It is done only when there is no value, or when a member of a group
    // exists beside the group's own value, which environment variables allow. Some hosts write section nodes with an empty
    // value.
    private static ConfiguredSetting SettingOf(IConfigurationProvider provider, string key, string name)
    {
        var value = provider.TryGet(key, out var text) ? text : null;
        var mayHaveInner = string.IsNullOrWhiteSpace(value)
            || OptionsSettings.MembersOf(name).Any(member => provider.TryGet(ConfigurationPath.Combine(key, member), out _));
        return new(name, value, !mayHaveInner ? [] :
        [
            .. from child in ChildrenOf(provider, key)
               let inner = ConfigurationPath.Combine(name, child)
               select OptionsSettings.IsGroup(name)
                   ? SettingOf(provider, ConfigurationPath.Combine(key, child), inner)
                   : NameOnly(inner),
        ]);
    }

    private static IEnumerable<string> ChildrenOf(IConfigurationProvider provider, string path) =>
        provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase);

    private static ConfiguredSetting SettingOf(IConfigurationSection section, string name)
    {
        var isGroup = OptionsSettings.IsGroup(name);
        return new(name, section.Value, !isGroup && !string.IsNullOrWhiteSpace(section.Value) ? [] :
        [
            .. from child in section.GetChildren()
               let inner = ConfigurationPath.Combine(name, child.Key)
               select isGroup ? SettingOf(child, inner) : NameOnly(inner),
        ]);
    }

    // A setting that is not a group must have no children; the error names them.
    private static ConfiguredSetting NameOnly(string name) => new(name, null, []);
}
