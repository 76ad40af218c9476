using SafeLoop.EntityFrameworkCore;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Adds the tables of recurring tasks to a context of the application, whose migrations then own them.</summary>
public static class RecurringTaskModelBuilderExtensions
{
    /// <summary>
    /// Adds the tables of recurring tasks. Call it in <c>OnModelCreating</c>, add a migration, and call
    /// <c>AddRecurringTaskStore&lt;TContext&gt;()</c>.
    /// </summary>
    /// <param name="modelBuilder">The model of the context.</param>
    /// <param name="schema">The schema of the tables; null: the default schema of the model.</param>
    /// <param name="prefix">The beginning of the names of the tables; null: <c>safeloop_</c>.</param>
    /// <returns><paramref name="modelBuilder"/>.</returns>
    /// <remarks>A later version of the package may change the tables; then add another migration.</remarks>
    public static ModelBuilder AddRecurringTasks(this ModelBuilder modelBuilder, string? schema = null, string? prefix = null)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        new StoreTables(modelBuilder, schema, prefix ?? StoreTables.DefaultPrefix).Map();
        return modelBuilder;
    }
}
