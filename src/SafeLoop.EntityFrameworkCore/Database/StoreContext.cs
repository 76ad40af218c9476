using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Our own context. The application's services do not know it, so that design-time tools find only the contexts of the
/// application.
/// </summary>
internal sealed class StoreContext : DbContext
{
    public StoreContext(DbContextOptions<StoreContext> options)
        : base(options)
    {
        ChangeTracker.AutoDetectChangesEnabled = false; // rows are added, and changed by statements
        ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
    }
}
