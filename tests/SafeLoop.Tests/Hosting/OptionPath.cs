using System.Reflection;

namespace SafeLoop.Tests.Hosting;

/// <summary>One option, by the name it has in configuration: <c>Timeout</c>, or <c>Lock:AtMostFor</c> within a group.</summary>
internal sealed class OptionPath(PropertyInfo? group, PropertyInfo property)
{
    public static IReadOnlyList<OptionPath> All { get; } =
    [
        .. from outer in typeof(RecurringTaskOptions).GetProperties()
           let isGroup = outer.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
           from inner in isGroup ? outer.PropertyType.GetProperties() : [outer]
           select new OptionPath(isGroup ? outer : null, inner),
    ];

    public string Name => group is null ? property.Name : $"{group.Name}:{property.Name}";

    public Type Type => property.PropertyType;

    public bool CanWrite => property.CanWrite;

    public static OptionPath Of(string name) => All.Single(path => path.Name == name);

    public object? Get(RecurringTaskOptions options) => property.GetValue(Owner(options));

    public void Set(RecurringTaskOptions options, object? value) => property.SetValue(Owner(options), value);

    private object Owner(RecurringTaskOptions options) => group is null ? options : group.GetValue(options)!;
}
