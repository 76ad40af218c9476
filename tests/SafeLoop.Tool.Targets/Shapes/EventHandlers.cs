namespace Targets.Shapes;

internal sealed class EventHandlers : Shape
{
    private static event EventHandler? Changed;

    public static void Change() => Changed?.Invoke(null, EventArgs.Empty);

    protected override void Add(int i, int count) => Changed += new ViewModel().OnChanged;

    private sealed class ViewModel
    {
        private readonly byte[] _state = new byte[1_500];

        public void OnChanged(object? sender, EventArgs e) => GC.KeepAlive(_state);
    }
}
