using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A context of an application.</summary>
public class AppDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Customer> Customers => Set<Customer>();

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new InvalidOperationException("Ours alone.");

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("Ours alone.");

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddRecurringTasks();
}
