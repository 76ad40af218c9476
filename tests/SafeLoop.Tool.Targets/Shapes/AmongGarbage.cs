namespace Targets.Shapes;

/// <summary>A static list grows by one for each hundred objects that come and go.</summary>
internal sealed class AmongGarbage : Shape
{
    private static readonly List<byte[]> _kept = [];
    private static int _bytes;

    protected override void Add(int i, int count)
    {
        for (var j = 0; j < 100; j++)
            _bytes += new byte[1_500].Length;
        _kept.Add(new byte[1_500]);
    }
}
