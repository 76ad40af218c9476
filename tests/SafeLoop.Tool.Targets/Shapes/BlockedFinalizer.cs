namespace Targets.Shapes;

internal sealed class BlockedFinalizer : Shape
{
    private static readonly ManualResetEventSlim _never = new();

    protected override void Add(int i, int count) => _ = new Native();

    private sealed class Native
    {
        private readonly byte[] _state = new byte[1_500];

        ~Native()
        {
            _never.Wait();
            GC.KeepAlive(_state);
        }
    }
}
