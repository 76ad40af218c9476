namespace SafeLoop.EntityFrameworkCore;

/// <summary>The memory of an instance in one minute: the sample with the largest heap.</summary>
internal class SampleRow
{
    /// <summary>The number of the instance.</summary>
    public int Instance { get; set; }

    public int Loops { get; set; }

    /// <summary>The beginning of the minute.</summary>
    public long Minute { get; set; }

    public long HeapSize { get; set; }

    public long HeapLimit { get; set; }
}
