using Microsoft.Extensions.Time.Testing;

namespace SafeLoop.EntityFrameworkCore.Tests;

public sealed class RowIdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now) { AutoAdvanceAmount = TimeSpan.Zero };

    [Fact]
    public void Ids_grow_however_many_are_made_in_a_millisecond_and_when_the_clock_is_set_back()
    {
        var ids = new RowIds(_time);
        var made = Enumerable.Range(0, 5_000).Select(_ => ids.Next(instance: 3)).ToList();
        ids.Observe(Micros.Of(Now.AddHours(-1)));
        made.AddRange(Enumerable.Range(0, 5_000).Select(_ => ids.Next(instance: 3)));

        Assert.Equal(made.Order(), made);
        Assert.Equal(10_000, made.Distinct().Count());
    }

    [Fact]
    public void Ids_of_two_instances_differ_in_the_same_millisecond()
    {
        var (one, other) = (new RowIds(_time), new RowIds(_time));
        var made = Enumerable.Range(0, 1_000).SelectMany(_ => new[] { one.Next(instance: 1), other.Next(instance: 1023) });

        Assert.Equal(2_000, made.Distinct().Count());
    }

    [Fact]
    public void Ids_follow_the_clock_of_the_database()
    {
        var ids = new RowIds(_time);
        ids.Observe(Micros.Of(Now.AddDays(1)));

        var tomorrow = Micros.Of(Now.AddDays(1));
        Assert.InRange(ids.Next(instance: 1), RowIds.FirstAt(tomorrow), RowIds.FirstAt(tomorrow + 1_000_000));
        Assert.True(RowIds.FirstAt(Micros.Of(Now.AddYears(200))) > 0);
    }
}
