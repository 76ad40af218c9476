namespace SafeLoop;

/// <summary>
/// A call into user code, from its creation to its disposal. Calls nest. The default value represents no call.
/// </summary>
internal readonly ref struct UserCall
{
    private readonly UserCallSlot? _slot;

    public UserCall(UserCallSlot slot, UserCalls host, object callee, object subject)
    {
        _slot = slot;
        slot.Push(host, callee, subject);
    }

    /// <summary>Replaces the callee by the next one of several.</summary>
    public void SwitchTo(object callee) => _slot!.Replace(callee);

    public void Dispose() => _slot?.Pop();
}
