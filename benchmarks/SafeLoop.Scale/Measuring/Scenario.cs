using System.Text.Json;

namespace SafeLoop.Scale.Measuring;

/// <summary>One engine under one load.</summary>
/// <param name="Engine">Its id.</param>
/// <param name="Loops">How many.</param>
/// <param name="Period">How often each is due.</param>
/// <param name="WarmUp">How long they run before anything is measured: at least a period, so that each has run.</param>
/// <param name="Window">How long is measured.</param>
/// <param name="IsIdle">Nothing is due: the period and the wait before it are <see cref="Period"/>.</param>
internal sealed record Scenario(string Engine, int Loops, TimeSpan Period, TimeSpan WarmUp, TimeSpan Window, bool IsIdle = false)
{
    public Load ToLoad() => new(Loops, Period, IsIdle ? Period : TimeSpan.Zero);

    public string ToJson() => JsonSerializer.Serialize(this);

    public static Scenario FromJson(string json) => JsonSerializer.Deserialize<Scenario>(json)!;
}
