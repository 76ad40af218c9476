namespace SafeLoop.Tests;

/// <summary>Durations as sentences say them: <c>2.Seconds</c>.</summary>
internal static class Spans
{
    extension(int count)
    {
        public TimeSpan Seconds => TimeSpan.FromSeconds(count);

        public TimeSpan Milliseconds => TimeSpan.FromMilliseconds(count);

        public TimeSpan Minutes => TimeSpan.FromMinutes(count);

        public TimeSpan Hours => TimeSpan.FromHours(count);

        public TimeSpan Days => TimeSpan.FromDays(count);
    }
}
