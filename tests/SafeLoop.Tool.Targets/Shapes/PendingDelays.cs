namespace Targets.Shapes;

internal sealed class PendingDelays : Shape
{
    private static readonly AsyncLocal<byte[]?> Body = new();

    protected override void Add(int i, int count)
    {
        Body.Value = new byte[1_500];
        _ = WaitAsync();
        Body.Value = null;
    }

    private static async Task WaitAsync() => await Task.Delay(TimeSpan.FromHours(1), TimeProvider.System);
}
