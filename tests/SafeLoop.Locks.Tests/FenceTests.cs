namespace SafeLoop.Locks.Tests;

public class FenceTests
{
    [Fact]
    public void A_store_of_your_own_makes_a_fence_with_an_initializer()
    {
        var fence = new Fence { Token = 7 };
        Assert.Equal((7L, null), (fence.Token, fence.LastSlot));
        Assert.Equal(0, default(Fence).Token);
    }
}
