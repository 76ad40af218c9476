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

    /// <summary>Gives a row another definition; null: none.</summary>
    public void Assign(ref LoopRow row, KeyDefinition? definition)
    {
        var before = row.Definition;
        if (before != 0 && _slots[before].Definition == definition)
            return;
        row.Definition = definition is null ? 0 : Take(definition);
        if (before == 0)
            return;
        _slots[before] = _slots[before] with { Rows = _slots[before].Rows - 1 };
        if (_slots[before].Rows > 0)
            return;
        _slots[before].Definition!.Slot = 0;
        _slots[before] = default;
        _free.Push(before);
    }

    private int Take(KeyDefinition definition)
    {
        if (definition.Slot == 0)
        {
            if (_free.TryPop(out var free))
            {
                definition.Slot = free;
            }
            else
            {
                if (_slots.Count == LoopRow.MostDefinitions)
                {
                    throw new InvalidOperationException(
                        $"A keyed task has more than {_slots.Count:N0} different schedules. Let keys share them.");
                }
                definition.Slot = _slots.Count;
                _slots.Add(default);
            }
        }
        _slots[definition.Slot] = (definition, _slots[definition.Slot].Rows + 1);
        return definition.Slot;
    }
}
