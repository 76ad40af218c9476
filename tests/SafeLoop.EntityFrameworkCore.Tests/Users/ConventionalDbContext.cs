using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A context that has another schema, another prefix and conventions of its own.</summary>
public class ConventionalDbContext(DbContextOptions<ConventionalDbContext> options) : DbContext(options)
{
    public DbSet<Customer> Customers => Set<Customer>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<Guid>().HaveConversion<string>().HaveMaxLength(36);
        configurationBuilder.Properties<string>().HaveMaxLength(50);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema("app");
        modelBuilder.AddRecurringTasks(schema: "jobs", prefix: "loop_");
        foreach (var type in modelBuilder.Model.GetEntityTypes())
            type.SetTableName(type.GetTableName() + "_table");
    }
}
