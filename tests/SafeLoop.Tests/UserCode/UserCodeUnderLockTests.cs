namespace SafeLoop.Tests.UserCode;

/// <summary>
/// SafeLoop never calls user code while it holds one of its locks (docs/lock-order.md): at each point the code waits for another
/// thread that calls everything.
/// </summary>
[Collection(Alone.Name)]
public class UserCodeUnderLockTests
{
    private static readonly Dictionary<string, Dictionary<string, Point>> Tables = new()
    {
        ["task"] = TaskPoints.All,
        ["observer"] = ObserverPoints.All,
        ["lock"] = LockPoints.All,
        ["host"] = HostPoints.All,
        ["key"] = KeyPoints.All,
        ["shard"] = ShardPoints.All,
    };

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var (table, points) in Tables)
            {
                foreach (var (name, point) in points)
                {
                    foreach (var kind in Kinds(point))
                        cases.Add(table, name, kind);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void User_code_may_wait_for_whatever_calls_SafeLoop(string table, string point, string kind)
    {
        using var scene = new Scene(Tables[table][point], kind);

        Assert.Null(scene.Wait());
    }

    private static string[] Kinds(Point point) =>
        point.IsOfKey ? [Scene.Parked, Scene.Pinned] : [Scene.Ordinary, Scene.Parked, Scene.Pinned];
}
