namespace SafeLoop.Tool;

/// <summary>How a finding changed since an earlier capture.</summary>
internal sealed record Growth(int FramesBefore, int FramesMore, double Seconds)
{
    /// <summary>Chains of honest work come and go; one that only grew by more than a hundredth has not.</summary>
    public bool IsGrowing => FramesMore >= Math.Max(ChainFinder.MinDepth, FramesBefore / 100);
}
