using System.Globalization;

namespace SafeLoop.Scale.Report;

/// <summary>Numbers as the report shows them: three digits that say something.</summary>
internal static class Figures
{
    public static string Short(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.0", >= 0.05 or < 0.005 => "0.0#", _ => "0.00" },
        CultureInfo.InvariantCulture);

    public static string Megabytes(double bytes) => (bytes / 1e6).ToString("#,0", CultureInfo.InvariantCulture);

    public static string Percent(double share) =>
        (share * 100).ToString(share >= 0.1 ? "0" : "0.00", CultureInfo.InvariantCulture) + " %";

    public static string Whole(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
