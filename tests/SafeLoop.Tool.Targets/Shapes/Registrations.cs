namespace Targets.Shapes;

internal sealed class Registrations : Shape
{
    private static readonly CancellationTokenSource _stopping = new();

    protected override void Add(int i, int count) => _stopping.Token.Register(new Request().Cancelled);

    private sealed class Request
    {
        private readonly byte[] _body = new byte[1_500];

        public void Cancelled() => GC.KeepAlive(_body);
    }
}
