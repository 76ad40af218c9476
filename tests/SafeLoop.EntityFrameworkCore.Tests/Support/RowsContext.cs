using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

internal sealed class RowsContext(DbContextOptions<RowsContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddRecurringTasks();
}
