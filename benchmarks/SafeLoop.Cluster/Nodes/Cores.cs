using System.Diagnostics;

namespace SafeLoop.Cluster.Nodes;

/// <summary>The cores of this machine.</summary>
internal static class Cores
{
    /// <summary>Keeps all of them busy for a while, with a thread each, and returns at once.</summary>
    public static void Burn(TimeSpan time)
    {
        var began = Stopwatch.GetTimestamp();
        for (var core = 0; core < Environment.ProcessorCount; core++)
            new Thread(Spin) { IsBackground = true }.Start();

        void Spin()
        {
            while (Stopwatch.GetElapsedTime(began) < time)
                Thread.SpinWait(1000);
        }
    }
}
