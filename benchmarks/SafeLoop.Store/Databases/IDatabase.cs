using Microsoft.EntityFrameworkCore;

namespace SafeLoop.Store.Databases;

/// <summary>A new, empty database.</summary>
internal interface IDatabase : IDisposable
{
    void Use(DbContextOptionsBuilder options);
}
