using Microsoft.Extensions.DependencyInjection;

namespace Targets.Shapes;

internal sealed class Singleton : Shape
{
    private readonly IServiceProvider _services = new ServiceCollection().AddSingleton<Audit>().BuildServiceProvider();

    protected override void Add(int i, int count) => _services.GetRequiredService<Audit>().Entries.Add(new byte[1_500]);

    private sealed class Audit
    {
        public List<byte[]> Entries { get; } = [];
    }
}
