using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A context whose author has forgotten AddRecurringTasks.</summary>
public class EmptyDbContext(DbContextOptions<EmptyDbContext> options) : DbContext(options);
