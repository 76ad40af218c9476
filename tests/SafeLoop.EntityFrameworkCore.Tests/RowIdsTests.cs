using Microsoft.Extensions.Time.Testing;

namespace SafeLoop.EntityFrameworkCore.Tests;

public sealed class RowIdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now) { AutoAdvanceAmount = TimeSpan.Zero };

    [Fact]
    public void Ids_of_an_instance_grow_and_say_which_it_is()
    {
        var ids = new RowIds(_time);
        var made = Enumerable.Range(0, 5_000).Select(_ => ids.Next(instance: 3, writer: 3)).ToList();

        Assert.Equal(made.Order().Distinct(), made);
        var (first, last) = RowIds.RangeOf(3);
        Assert.All(made, id => Assert.InRange(id, first, last));
        Assert.All(made, id => Assert.Equal(3, RowIds.InstanceOf(id)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void What_an_instance_writes_for_another_is_about_the_other(int other)
    {
        var ids = new RowIds(_time);

        Assert.Equal(other, RowIds.InstanceOf(ids.Next(other, writer: 2)));
        Assert.Equal(0, RowIds.InstanceOf(ids.Next(instance: 0, writer: 2)));
    }

    [Fact]
    public void An_id_that_another_instance_has_written_is_none_of_its_own()
    {
        var (own, other) = (new RowIds(_time), new RowIds(_time));
        var made = Enumerable.Range(0, 1_000).SelectMany(
            _ => new[] { own.Next(instance: 1, writer: 1), other.Next(instance: 1, writer: 2) });

        Assert.Equal(2_000, made.Distinct().Count());
    }

    [Fact]
    public void The_time_of_the_database_is_estimated_from_when_it_was_read_last()
    {
        var ids = new RowIds(_time);
        ids.Observe(Micros.Of(Now.AddDays(1)));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(Micros.Of(Now.AddDays(1).AddSeconds(1)), ids.EstimatedNow);
    }
}
