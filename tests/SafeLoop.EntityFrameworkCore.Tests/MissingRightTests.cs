using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace SafeLoop.EntityFrameworkCore.Tests;

public class MissingRightTests
{
    [Fact]
    public void Where_the_table_is_not_known_the_sentence_names_the_role_and_all_it_needs()
    {
        using var connection = new NamedConnection("Username=reader;Password=s3cret");

        Assert.Equal(
            "The role 'reader' may not do this. Grant it SELECT, INSERT, UPDATE and DELETE on all tables of recurring tasks, and "
                + "on PostgreSQL also USAGE on their schema.",
            MissingRight.Advise(new DeniedException(), connection));
    }

    [Fact]
    public void A_connection_without_a_name_has_a_sentence_too()
    {
        using var connection = new NamedConnection("Integrated Security=true");

        Assert.StartsWith("The user of the connection may not do this. Grant it SELECT, ",
            MissingRight.Advise(new DeniedException(), connection), StringComparison.Ordinal);
    }

    private sealed class DeniedException() : DbException("permission denied for schema jobs");

    private sealed class NamedConnection(string text) : SqliteConnection
    {
        [AllowNull]
        public override string ConnectionString
        {
            get => text;
            set => _ = value;
        }
    }
}
