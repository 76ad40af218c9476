namespace Targets.Shapes;

internal sealed class LinkedClosures : Shape
{
    private static Func<int> _sum = () => 0;

    protected override void Add(int i, int count)
    {
        var (before, body) = (_sum, new byte[1_500]);
        _sum = () => before() + body.Length;
    }
}
