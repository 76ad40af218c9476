namespace SafeLoop.Tests.Membership;

public class MemberNameTests
{
    [Theory]
    [InlineData("web-0", "web-0")] // set by the application, or by Orleans on Kubernetes
    [InlineData("Silo_3f9a1", "host:11111")] // generated: another one after each start
    [InlineData("Silo_main", "Silo_main")]
    [InlineData("Silo_3f9a12", "Silo_3f9a12")]
    [InlineData("", "host:11111")]
    [InlineData(null, "host:11111")]
    public void It_survives_a_restart(string? silo, string name) => Assert.Equal(name, MemberName.Select(silo, "host", 11111));
}
