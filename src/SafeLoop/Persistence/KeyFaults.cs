namespace SafeLoop;

/// <summary>Reports why nothing is stored of a key, each reason once per task: there may be a million keys.</summary>
internal sealed class KeyFaults(string task, LoopObservers observers)
{
    private const string WhatToDo =
        " Nothing is stored of this key. Let ToString of the key return a text that identifies it and stays the same.";

    private const int LongestQuoted = 60;

    private int _reported;

    public void ReportNoText(object key, Exception? error) => Report(
        1,
        $"ToString of a key of type {key.GetType().Name} "
            + (error is null ? $"returned null.{WhatToDo}" : $"threw {error.GetType().Name}.{WhatToDo}"),
        error);

    public void ReportSameText(string text) =>
        Report(2, $"Two keys have the text '{Printable.Escape(text)}'. Of the second one:{WhatToDo}");

    public void ReportOtherText(string before, string now) => Report(
        4, $"ToString of a key returned '{Printable.Escape(now)}', and '{Printable.Escape(before)}' before.{WhatToDo}");

    public void ReportLongText(string text) => Report(
        8,
        $"The text of key '{Printable.Escape(text, LongestQuoted)}' is longer than 200 characters, or has a NUL or half a "
            + "surrogate pair. Its history is stored, but its pause and its failures are not restored after a restart. Let "
            + "ToString of the key return a shorter text.");

    public void ReportDropped(int count, int most) => Report(
        16,
        $"The store has states of {count + most:N0} keys that this host does not have. It keeps {most:N0} of them in memory for "
            + "keys that are added later: those that are paused, then those that are failing. Add the keys before the host "
            + "starts, or erase old ones with EraseAsync.");

    private void Report(int kind, string text, Exception? error = null)
    {
        if ((Interlocked.Or(ref _reported, kind) & kind) == 0)
            observers.Fault(FaultKind.KeyNotStored, task, text, error);
    }
}
