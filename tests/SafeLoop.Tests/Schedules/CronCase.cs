using CsCheck;

namespace SafeLoop.Tests.Schedules;

/// <summary>
/// A random expression of five fields together with the values each field means, so that nothing needs to parse it.
/// </summary>
internal sealed record CronCase(
    CronCase.Field Minute, CronCase.Field Hour, CronCase.Field Day, CronCase.Field Month, CronCase.Field Weekday)
{
    internal static readonly Gen<CronCase> Any = Gen.Select(
        Fields(0, 59), Gen.Frequency((1, Fields(0, 23)), (1, Fields(0, 3))), Mostly(Fields(1, 31)), Mostly(Fields(1, 12)),
        Mostly(Fields(0, 6)),
        (minute, hour, day, month, weekday) => new CronCase(minute, hour, day, month, weekday));

    internal bool IsRhythm => Minute.IsRhythm || Hour.IsRhythm;

    public override string ToString() => $"{Minute.Text} {Hour.Text} {Day.Text} {Month.Text} {Weekday.Text}";

    internal bool Matches(DateTime local) =>
        Minute.Has(local.Minute) && Hour.Has(local.Hour) && Day.Has(local.Day) && Month.Has(local.Month)
        && Weekday.Has((int)local.DayOfWeek);

    private static Gen<Field> Mostly(Gen<Field> field) => Gen.Frequency((7, Gen.Const(Field.Every)), (3, field));

    private static Gen<Field> Fields(int first, int last)
    {
        var value = Gen.Int[first, last];
        var ends = Gen.Select(value, value, (a, b) => (Low: Math.Min(a, b), High: Math.Max(a, b)));
        var step = Gen.Int[1, Math.Max(1, last / 2)];

        return Gen.OneOf(
            Gen.Const(Field.Every),
            step.Select(by => new Field($"*/{by}", true, value => value >= first && (value - first) % by == 0)),
            value.Select(only => new Field($"{only}", false, value => value == only)),
            value.Array[2, 4].Select(list => new Field(string.Join(',', list), false, value => list.Contains(value))),
            ends.Select(range => new Field($"{range.Low}-{range.High}", true,
                value => value >= range.Low && value <= range.High)),
            Gen.Select(ends, step, (range, by) => new Field(
                $"{range.Low}-{range.High}/{by}", true,
                value => value >= range.Low && value <= range.High && (value - range.Low) % by == 0)));
    }

    internal sealed record Field(string Text, bool IsRhythm, Func<int, bool> Has)
    {
        internal static readonly Field Every = new("*", true, _ => true);
    }
}
