namespace SafeLoop;

/// <summary>
/// Parses one field by the grammar of Cronos, and of <see cref="CronLists"/>, to find its first mistake. Used only for
/// expressions that Cronos has rejected.
/// </summary>
internal ref struct CronFieldReader
{
    private readonly CronField _field;
    private readonly string _text;
    private int _position;

    private CronFieldReader(CronField field, string text) => (_field, _text) = (field, text);

    /// <summary>The first mistake, as the middle part of a sentence; null when the field is valid.</summary>
    internal static string? Mistake(CronField field, string text) => new CronFieldReader(field, text).Field();

    private string? Field()
    {
        if (Accept('*')) return Wildcard() ?? (Peek == ',' ? List() : End("only a step such as */5 may follow '*'"));
        if (Accept('?')) return Step() ?? End("only a step such as ?/5 may follow '?'");
        if (Accept('H')) return $"{_field.Name} '{_text}' asks for a hashed value (H), which is not supported; write a number";
        if (_field == CronField.DayOfMonth && AcceptLetter('L')) return LastDay();

        if (Value() is { } mistake) return mistake;
        if (_field == CronField.DayOfMonth && AcceptLetter('W')) return End("W stands after one day");
        if (_field.IsDayOfWeek && AcceptLetter('L')) return End("L stands after one day");
        if (_field.IsDayOfWeek && Accept('#')) return Number("occurrence", 1, 5) ?? End("# stands after one day");
        return RangeAndStep() ?? List();
    }

    private string? LastDay()
    {
        if (Accept('-') && Number("distance from the last day", 0, 30) is { } mistake) return mistake;
        AcceptLetter('W');
        return End("after L only a distance such as L-3 and W may follow");
    }

    /// <summary>Reads the rest of a list, after its first part.</summary>
    private string? List()
    {
        while (Accept(','))
        {
            if ((Accept('*') ? Wildcard() : Value() ?? RangeAndStep()) is { } mistake) return mistake;
        }
        return End("values are separated by ',', ranges written 1-5, steps 1-5/2");
    }

    private string? RangeAndStep() => (Accept('-') ? Value() : null) ?? Step();

    private string? Wildcard() => Peek != '/' && _text.Contains(',')
        ? $"{_field.Name} '{_text}' has '*' in a list; write '*' alone, or with a step such as */5"
        : Step();

    private string? Step() => Accept('/') ? Number("step", 1, _field.Last) : null;

    private string? Value()
    {
        if (Peek is >= '0' and <= '9') return Number("", _field.First, _field.Last);

        var name = Run(char.IsAsciiLetter);
        if (name.Length == 0) return Expected(_field.Accepts);
        if (_field.Names.Length == 0) return $"{_field.Name} '{name}' is not {_field.Accepts}{Where(name)}";

        var known = name.Length >= 3 && _field.Names.Contains(name[..3], StringComparer.OrdinalIgnoreCase);
        if (known && name.Length == 3) return null;
        if (known && _field.IsDayOfWeek && name[3..].Equals("L", StringComparison.OrdinalIgnoreCase))
        {
            _position--;
            return null;
        }

        var meant = known ? $", did you mean '{name[..3].ToUpperInvariant()}'?" : DidYouMean.Ask(name, _field.Names);
        return $"{_field.Name} '{name}' is not {_field.Accepts}{meant}{Where(name)}";
    }

    private string? Number(string what, int low, int high)
    {
        var digits = Run(char.IsAsciiDigit);
        var label = what.Length == 0 ? _field.Name : $"{_field.Name} {what}";
        if (digits.Length == 0) return Expected(what.Length == 0 ? _field.Accepts : $"the {what} ({low} to {high})");
        if (!int.TryParse(digits, out var number) || number < low || number > high)
            return $"{label} {digits} is not between {low} and {high}{Where(digits)}";

        return digits.Length > 2 ? $"{label} {digits} has more than two digits{Where(digits)}" : null;
    }

    private readonly string? End(string rule) =>
        _position == _text.Length ? null : $"{_field.Name} '{_text}' has a stray '{_text[_position]}'; {rule}";

    private readonly string Expected(string what) =>
        _position == _text.Length
            ? $"{_field.Name} '{_text}' ends where {what} is expected"
            : $"{_field.Name} '{_text}' has '{_text[_position]}' where {what} is expected";

    private readonly string Where(string part) => part == _text ? "" : $" (in '{_text}')";

    private readonly char Peek => _position < _text.Length ? _text[_position] : '\0';

    private bool AcceptLetter(char upper) => Accept(upper) || Accept(char.ToLowerInvariant(upper));

    private bool Accept(char character)
    {
        if (_position == _text.Length || _text[_position] != character) return false;
        _position++;
        return true;
    }

    private string Run(Func<char, bool> isPart)
    {
        var start = _position;
        while (_position < _text.Length && isPart(_text[_position])) _position++;
        return _text[start.._position];
    }
}
