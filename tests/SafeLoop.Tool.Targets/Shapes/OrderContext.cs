using Microsoft.EntityFrameworkCore;

namespace Targets.Shapes;

internal sealed class OrderContext : DbContext
{
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseInMemoryDatabase("orders");
}
