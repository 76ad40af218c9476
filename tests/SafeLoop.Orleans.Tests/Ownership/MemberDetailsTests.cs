using CsCheck;

namespace SafeLoop.Tests.Ownership;

public class MemberDetailsTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        var details = new MemberDetails(
            "10.0.0.7:11111", [new("poll", true, "every 00:00:10"), new("report", false, "0 3 * * *")]);

        var read = MemberDetails.Read(details.Write());
        Assert.Equal((details.Address, true), (read.Address, details.Tasks.SequenceEqual(read.Tasks)));
    }

    [Fact]
    public void The_first_format_stays_readable() => Assert.Equal(
        """{"Version":1,"Address":"a:1","Tasks":[{"Name":"poll","IsKeyed":true,"Schedule":"every 00:00:10"}]}""",
        MemberDetails.Read(
            """{"Version":1,"Address":"a:1","Tasks":[{"Name":"poll","IsKeyed":true,"Schedule":"every 00:00:10"}]}""").Write());

    [Fact]
    public void What_a_newer_version_has_added_is_ignored()
    {
        var read = MemberDetails.Read(
            """{"Version":2,"Address":"a:1","Zone":"west","Tasks":[{"Name":"poll","IsKeyed":true,"Weight":3}]}""");

        Assert.Equal("a:1", read.Address);
        Assert.True(new Member(1, "a", read, false, 0).Knows(new("poll", true, "")));
        Assert.False(new Member(1, "a", read, false, 0).Knows(new("poll", false, "")));
    }

    [Fact]
    public void A_text_that_cannot_be_read_is_that_of_an_unknown_host()
    {
        string[] texts =
        [
            "", "null", "[]", "{}", "{\"Version\":1}", "{\"Version\":0,\"Address\":\"a\"}", "{\"Version\":1,\"Address\":7}",
            "{\"Version\":99999999999}", new string('[', 100_000),
        ];
        Assert.All(texts, static text => Assert.Equal(MemberDetails.Unknown, MemberDetails.Read(text)));
        Assert.Empty(MemberDetails.Read("""{"Version":1,"Address":"a","Tasks":[null,{},{"Name":null}]}""").Tasks);
        Gen.String.Sample(static text => _ = MemberDetails.Read(text));
    }
}
