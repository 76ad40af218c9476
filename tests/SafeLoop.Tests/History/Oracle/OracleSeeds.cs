using System.Globalization;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>Which years are lived through: one, or as many as tests/explain.sh wants.</summary>
internal static class OracleSeeds
{
    public static readonly int First = Read("SAFELOOP_FIRST_SEED"), Count = Read("SAFELOOP_YEARS");

    private static int Read(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set) ? set : 1;
}
