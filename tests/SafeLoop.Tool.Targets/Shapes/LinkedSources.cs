namespace Targets.Shapes;

internal sealed class LinkedSources : Shape
{
    private static readonly CancellationTokenSource _shutdown = new();

    protected override void Add(int i, int count)
    {
        var body = new byte[1_500];
        CancellationTokenSource.CreateLinkedTokenSource(_shutdown.Token).Token.Register(() => GC.KeepAlive(body));
    }
}
