namespace SafeLoop.Tool;

/// <summary>How a finding changed since an earlier capture.</summary>
/// <param name="FramesBefore">Frames in the first capture.</param>
/// <param name="FramesMore">By how many there are more.</param>
/// <param name="Seconds">Since the first capture.</param>
/// <param name="Survived">The part of earlier frames that is still there, 0 to 1; null where it is not known.</param>
internal sealed record Growth(int FramesBefore, int FramesMore, double Seconds, double? Survived = null)
{
    /// <summary>Chains of honest work come and go; one that only grew by more than a hundredth has not.</summary>
    public bool IsGrowing => FramesMore >= Math.Max(ChainFinder.MinDepth, FramesBefore / 100);

    /// <summary>Hardly any frame of before is left: the calls end, and others begin.</summary>
    public bool IsTurnover => Survived < Survivors.Most;
}
