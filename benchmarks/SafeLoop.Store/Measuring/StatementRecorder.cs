using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace SafeLoop.Store.Measuring;

/// <summary>Keeps the queries that the store sends, so that the server can explain them.</summary>
internal sealed class StatementRecorder : DbCommandInterceptor
{
    private readonly Lock _gate = new();
    private List<(string Text, NpgsqlParameter[] Parameters)> _queries = [];

    /// <summary>The queries since the last call.</summary>
    public IReadOnlyList<(string Text, NpgsqlParameter[] Parameters)> Take()
    {
        lock (_gate)
        {
            var queries = _queries;
            _queries = [];
            return queries;
        }
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        lock (_gate)
            _queries.Add((command.CommandText, [.. command.Parameters.Cast<NpgsqlParameter>().Select(p => p.Clone())]));
        return new(result);
    }
}
