using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace SafeLoop.Store.Measuring;

/// <summary>What a query costs the server.</summary>
/// <param name="Pages">Pages of 8 KB, in memory or not.</param>
/// <param name="Milliseconds">Planning and execution.</param>
/// <param name="Scans">The tables that were read from begin to end.</param>
internal sealed record QueryCost(long Pages, double Milliseconds, IReadOnlyList<string> Scans)
{
    public static async Task<QueryCost> ReadAsync(NpgsqlConnection connection, string text, NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(
            "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + text, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter.Clone());
        var json = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!).RootElement[0];
        var plan = json.GetProperty("Plan");
        var scans = new List<string>();
        FindScans(plan, scans);
        return new(
            Number(plan, "Shared Hit Blocks") + Number(plan, "Shared Read Blocks"),
            json.GetProperty("Planning Time").GetDouble() + json.GetProperty("Execution Time").GetDouble(), scans);
    }

    public static QueryCost operator +(QueryCost one, QueryCost other) => new(
        one.Pages + other.Pages, one.Milliseconds + other.Milliseconds, [.. one.Scans.Union(other.Scans)]);

    private static long Number(JsonElement plan, string name) => plan.GetProperty(name).GetInt64();

    private static void FindScans(JsonElement plan, List<string> scans)
    {
        if (plan.GetProperty("Node Type").GetString() is "Seq Scan")
            scans.Add(string.Create(CultureInfo.InvariantCulture, $"{plan.GetProperty("Relation Name").GetString()}"));
        if (!plan.TryGetProperty("Plans", out var parts))
            return;
        foreach (var part in parts.EnumerateArray())
            FindScans(part, scans);
    }
}
