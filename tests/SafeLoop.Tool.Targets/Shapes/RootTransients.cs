using Microsoft.Extensions.DependencyInjection;

namespace Targets.Shapes;

internal sealed class RootTransients : Shape
{
    private readonly IServiceProvider _services = new ServiceCollection().AddTransient<Session>().BuildServiceProvider();

    protected override void Add(int i, int count) => _services.GetRequiredService<Session>();

    private sealed class Session : IDisposable
    {
        private readonly byte[] _state = new byte[1_500];

        public void Dispose() => GC.KeepAlive(_state);
    }
}
