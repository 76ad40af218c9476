namespace Targets.Shapes;

internal sealed class UndisposedTimers : Shape
{
    protected override void Add(int i, int count) => new Poller().Start();

    private sealed class Poller
    {
        private readonly byte[] _body = new byte[1_500];
        private ITimer? _timer;

        public void Start() =>
            _timer = TimeProvider.System.CreateTimer(static poller => GC.KeepAlive(((Poller)poller!)._body), this,
                TimeSpan.FromHours(1), TimeSpan.FromHours(1));
    }
}
