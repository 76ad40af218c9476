namespace SafeLoop.Aot;

/// <summary>Keys of every kind: classes and values, with and without an equality of their own.</summary>
internal static class Kinds
{
    internal enum Floor
    {
        Ground,
        First,
    }

    internal sealed record Tenant(string Name);

    internal readonly record struct DeviceId(int Number);

    internal readonly record struct Socket(string? Host, int? Port);

    /// <summary>Compared by the runtime, field by field.</summary>
    internal struct Bare
    {
        public int Number;

        public override readonly string ToString() => $"bare {Number}";
    }
}
