namespace SafeLoop;

/// <summary>The type and key by which a constructor takes a service.</summary>
internal readonly record struct ServiceId(Type Type, object? Key = null)
{
    public override string ToString() => Key is null ? NameOf(Type) : $"{NameOf(Type)} with the key '{Key}'";

    /// <summary>A sentence with the call that registers it.</summary>
    public string Registration => Key is null
        ? $"Call services.AddSingleton<{NameOf(Type)}>(), AddScoped or AddTransient"
        : $"Call services.AddKeyedSingleton<{NameOf(Type)}>({KeyInCode}), AddKeyedScoped or AddKeyedTransient";

    private object? KeyInCode => Key is string ? $"\"{Key}\"" : Key;

    // As in C#: IStore<Order>, not IStore`1.
    private static string NameOf(Type type)
    {
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? type.Name : $"{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
