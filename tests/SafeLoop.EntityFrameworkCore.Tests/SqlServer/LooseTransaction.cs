using System.Data;
using System.Data.Common;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A transaction of no server.</summary>
internal sealed class LooseTransaction(DbConnection connection) : DbTransaction
{
    public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;

    public override bool SupportsSavepoints => false;

    protected override DbConnection DbConnection => connection;

    public override void Commit()
    {
    }

    public override void Rollback()
    {
    }
}
