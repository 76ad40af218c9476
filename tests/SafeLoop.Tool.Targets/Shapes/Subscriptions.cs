using System.Reactive.Subjects;

namespace Targets.Shapes;

/// <summary>Observers of a subject that lives as long as the program; what Subscribe returns is thrown away.</summary>
internal sealed class Subscriptions : Shape
{
    private static readonly Subject<int> _prices = new();

    protected override void Add(int i, int count)
    {
        var body = new byte[1_500];
        _prices.Subscribe(_ => GC.KeepAlive(body));
    }
}
