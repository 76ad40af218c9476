using Microsoft.EntityFrameworkCore;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>SQL Server is not available here. Its parser accepts what EF Core makes for it, and what we write ourselves.</summary>
public sealed class SqlServerTests
{
    private const string Nowhere = "Server=127.0.0.1,1;Database=none;Encrypt=false";

    [Fact]
    public void The_script_of_the_tables_is_valid_and_keys_are_compared_exactly()
    {
        using var db = CreateContext();
        var script = db.Database.GenerateCreateScript();

        Parse(script);
        Assert.Contains("[key_text] nvarchar(202) COLLATE Latin1_General_100_BIN2 NOT NULL", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_statement_of_the_store_is_valid()
    {
        var statements = new StatementRecorder();
        var store = new TestStore(statements);
        await store.CallEverythingAsync();

        Assert.True(statements.All.Count > 40, $"Only {statements.All.Count} statements were seen.");
        foreach (var statement in statements.All)
            Parse(statement);
    }

    private static DbContext CreateContext() =>
        new RowsContext(new DbContextOptionsBuilder<RowsContext>().UseSqlServer(Nowhere).Options);

    private static void Parse(string sql)
    {
        var parser = new TSql160Parser(initialQuotedIdentifiers: true);
        parser.Parse(new StringReader(sql), out var errors);
        Assert.True(errors.Count == 0, $"{string.Join('\n', errors.Select(error => error.Message))}\n{sql}");
    }
}
