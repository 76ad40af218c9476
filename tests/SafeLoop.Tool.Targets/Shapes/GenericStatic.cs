namespace Targets.Shapes;

internal sealed class GenericStatic : Shape
{
    protected override void Add(int i, int count) => Registry<byte[]>.Entries.Add(i, new byte[1_500]);

    private static class Registry<TValue>
    {
        public static readonly Dictionary<int, TValue> Entries = [];
    }
}
