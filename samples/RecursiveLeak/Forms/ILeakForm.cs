using RecursiveLeak.Measuring;

namespace RecursiveLeak.Forms;

/// <summary>One way to write "do this again and again".</summary>
internal interface ILeakForm
{
    string Name { get; }

    /// <summary>
    /// Runs exactly <paramref name="iterations"/> iterations, each calling <see cref="RetentionMeter.Iterated"/> once, then ends.
    /// </summary>
    Task RunAsync(int iterations, RetentionMeter meter);
}
