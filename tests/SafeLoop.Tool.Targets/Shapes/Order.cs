namespace Targets.Shapes;

internal sealed class Order
{
    public int Id { get; set; }

    public byte[] Lines { get; set; } = new byte[1_500];
}
