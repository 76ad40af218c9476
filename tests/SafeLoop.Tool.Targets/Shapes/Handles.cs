using System.Runtime.InteropServices;

namespace Targets.Shapes;

internal sealed class Handles : Shape
{
    protected override void Add(int i, int count) => GCHandle.Alloc(new Request());

    private sealed class Request
    {
        public byte[] Body { get; } = new byte[1_500];
    }
}
