namespace SafeLoop.Tool.Tests.Capture;

/// <summary>
/// Collections in the order of the events of a process: f7 is the start of a full one, g7 of a small one, b7 of one in the
/// background, e7 its end; w is a part of a walk over the heap, and W one that is read.
/// </summary>
public class WalkedCollectionTests
{
    [Theory]
    [InlineData("f7 W W e7", true)]
    [InlineData("f7 e7 f8 W e8", true)] // one of the process's own, before the one that was asked for
    [InlineData("w e7 f8 W e8", true)] // the session began in the midst of one
    [InlineData("f7 W e7 f8 w e8", true)] // both walk: the first is whole
    [InlineData("g7 w e7 f8 W e8", true)] // a small one walks over garbage
    [InlineData("b7 g8 w e8 e7 f9 W e9", true)]
    [InlineData("f7 W f8 w e8", false)] // its end was lost, and what comes then is another heap
    [InlineData("f7 W", false)]
    [InlineData("f7 e7", false)]
    public void The_walk_that_is_read_is_that_of_one_full_collection(string expected, bool hasEnded)
    {
        var collection = new WalkedCollection();

        var read = string.Join(' ', expected.ToLowerInvariant().Split(' ').Select(step => Apply(collection, step)));

        Assert.Equal((expected, hasEnded), (read, collection.HasEnded));
    }

    private static string Apply(WalkedCollection collection, string step)
    {
        if (step == "w")
        {
            if (!collection.IsWalking)
                return step;
            collection.Walked();
            return "W";
        }

        var number = step[1] - '0';
        if (step[0] == 'e')
            collection.Stopped(number);
        else
            collection.Started(number, step[0] == 'g' ? 0 : GC.MaxGeneration, isBackground: step[0] == 'b');
        return step;
    }
}
