namespace SafeLoop;

/// <summary>
/// Numbers the definitions that rows refer to, because a row holds no reference. A number without a row is free.
/// </summary>
/// <remarks>Not thread-safe: used under the lock of the <see cref="LoopRows"/>.</remarks>
internal sealed class KeyDefinitionSlots
{
    private readonly List<(KeyDefinition? Definition, int Rows)> _slots = [(null, 0)]; // a new row has number zero, which is none
    private readonly Stack<int> _free = [];

    public KeyDefinition this[int slot] => _slots[slot].Definition!;

    /// <summary>Sets the definition of a row; null: none.</summary>
    public void Assign(ref LoopRow row, KeyDefinition? definition)
    {
        var before = row.Definition;
        if (before != 0 && _slots[before].Definition == definition)
            return;
        row.Definition = definition is null ? 0 : AddRow(definition);
        if (before != 0)
            RemoveRow(before);
    }

    private int AddRow(KeyDefinition definition)
    {
        if (definition.Slot == 0)
            definition.Slot = _free.TryPop(out var free) ? free : AddSlot();
        _slots[definition.Slot] = (definition, _slots[definition.Slot].Rows + 1);
        return definition.Slot;
    }

    private void RemoveRow(int slot)
    {
        _slots[slot] = _slots[slot] with { Rows = _slots[slot].Rows - 1 };
        if (_slots[slot].Rows > 0)
            return;
        _slots[slot].Definition!.Slot = 0;
        _slots[slot] = default;
        _free.Push(slot);
    }

    private int AddSlot()
    {
        if (_slots.Count == LoopRow.MostDefinitions)
        {
            throw new InvalidOperationException(
                $"A keyed task has more than {_slots.Count:N0} different schedules. Let keys share them.");
        }
        _slots.Add(default);
        return _slots.Count - 1;
    }
}
