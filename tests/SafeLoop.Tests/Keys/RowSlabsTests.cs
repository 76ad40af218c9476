namespace SafeLoop.Tests.Keys;

/// <summary>Rows are used again; the ids of loops are not.</summary>
public class RowSlabsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_loop_that_was_removed_is_never_found_again(int seed)
    {
        var (random, rows) = (new Random(seed), new RowSlabs());
        var (alive, removed) = (new List<LoopId>(), new List<LoopId>());
        for (var turn = 0; turn < 20_000; turn++)
        {
            if (alive.Count == 0 || random.Next(100) < (turn < 10_000 ? 60 : 35))
            {
                var added = rows.Add();
                rows[added.Row].Saved.Iterations = added.Generation;
                alive.Add(added);
                continue;
            }
            var index = random.Next(alive.Count);
            removed.Add(alive[index]);
            rows.Remove(alive[index].Row);
            alive.RemoveAt(index);
        }

        Assert.All(alive, loop => Assert.Equal(loop.Generation, rows[loop.Row].Saved.Iterations));
        Assert.All(alive, loop => Assert.Equal(loop, rows.At(loop.Row)));
        Assert.Equal(alive.Count, alive.Select(loop => loop.Row).Distinct().Count());
        Assert.DoesNotContain(removed, rows.Has);
        Assert.Equal(alive.Count, Enumerable.Range(0, rows.End).Count(row => !rows.At(row).IsNone));
        Assert.False(rows.Has(default));
    }

    [Fact]
    public void Slabs_are_freed_with_their_last_row_and_their_numbers_used_again()
    {
        var rows = new RowSlabs();
        LoopId[] first = [.. Enumerable.Range(0, 5_000).Select(_ => rows.Add())];
        var end = rows.End;
        var freed = first.Count(loop => rows.Remove(loop.Row));
        LoopId[] second = [.. Enumerable.Range(0, 5_000).Select(_ => rows.Add())];

        Assert.Equal(4, freed); // all but the first, which is small
        Assert.Equal(end, rows.End);
        Assert.All(second, loop => Assert.True(rows.Has(loop)));
        Assert.DoesNotContain(first, rows.Has);
    }

    [Fact]
    public void A_row_has_88_bytes() => Assert.Equal(88, System.Runtime.CompilerServices.Unsafe.SizeOf<LoopRow>());
}
