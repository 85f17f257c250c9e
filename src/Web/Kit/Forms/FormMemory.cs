using System.Text.Json;

namespace CalicoConsole.Web.Kit.Forms;

/// <summary>A field whose text is kept while the form is not sent.</summary>
public interface IKeptField
{
    /// <summary>Its name within the form.</summary>
    string Name { get; }

    /// <summary>What to call it before people.</summary>
    string Label { get; }

    /// <summary>What stands in it.</summary>
    string Text { get; }

    /// <summary>Puts a text into it, as if it were typed.</summary>
    Task TakeAsync(string text);
}

/// <summary>A field's text that was kept.</summary>
/// <param name="Was">As the field began.</param>
/// <param name="Is">As it was typed.</param>
public sealed record KeptText(string Was, string Is);

/// <summary>
/// What was typed into a form: which fields differ from what they began with, as a text to be kept, and back into the fields. Fields that come and go with
/// others are filled as they come. Used on the circuit's dispatcher only.
/// </summary>
public sealed class FormMemory
{
    private readonly List<IKeptField> _fields = [];
    private readonly Dictionary<string, string> _began = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KeptText> _back = new(StringComparer.Ordinal);
    private readonly List<string> _overtaken = [];
    private bool _edited;
    private bool _over;

    /// <summary>Whether a field differs from what it began with, by somebody's hand.</summary>
    public bool IsDirty => _edited && _fields.Any(f => Differs(f));

    /// <summary>Labels of fields that came back although they began with another text when it was typed: somebody else changed them meanwhile.</summary>
    public IReadOnlyList<string> Overtaken => _overtaken;

    /// <summary>The text to be kept; null when nothing is.</summary>
    public string? Text
    {
        get
        {
            if (!_edited || _over)
            {
                return null;
            }

            var kept = _fields.Where(Differs).DistinctBy(f => f.Name)
                .ToDictionary(f => f.Name, f => new KeptText(_began[f.Name], f.Text), StringComparer.Ordinal);
            foreach (var (name, text) in _back)
            {
                kept.TryAdd(name, text);
            }

            return kept.Count == 0 ? null : JsonSerializer.Serialize(kept);
        }
    }

    /// <summary>Takes a field in.</summary>
    public void Add(IKeptField field)
    {
        if (!_fields.Contains(field))
        {
            _fields.Add(field);
        }
    }

    /// <summary>Lets a field go.</summary>
    public void Remove(IKeptField field) => _fields.Remove(field);

    /// <summary>Somebody changes a field: from here on it counts what they began with.</summary>
    public void Edit()
    {
        _edited = true;
        _over = false;
        _back.Clear();
    }

    /// <summary>Called after each drawing: until somebody edits, the fields begin with what stands in them.</summary>
    public void Settle()
    {
        foreach (var field in _fields)
        {
            if (!_edited || !_began.ContainsKey(field.Name))
            {
                _began[field.Name] = field.Text;
            }
        }
    }

    /// <summary>Begins to put a kept text back into the fields, but those that somebody edits already; false when there is nothing to put back.</summary>
    public bool Restore(string text)
    {
        if (Read(text) is not { } kept)
        {
            return false;
        }

        var edited = _edited ? _fields.Where(Differs).Select(f => f.Name).ToHashSet(StringComparer.Ordinal) : [];
        foreach (var (name, value) in kept.Where(k => !edited.Contains(k.Key)))
        {
            _back[name] = value;
        }

        _edited |= _back.Count > 0;
        return _back.Count > 0;
    }

    /// <summary>Begins to put the fields back to what they began with.</summary>
    public void StartOver()
    {
        _back.Clear();
        _overtaken.Clear();
        _over = true;
        foreach (var field in _fields.Where(Differs))
        {
            _back[field.Name] = new KeptText(field.Text, _began[field.Name]);
        }
    }

    /// <summary>Puts the next field back; false when none is left that is on the page.</summary>
    public async Task<bool> RestoreNextAsync()
    {
        while (_fields.FirstOrDefault(f => _back.ContainsKey(f.Name)) is { } field)
        {
            _back.Remove(field.Name, out var kept);
            if (field.Text != kept!.Is)
            {
                if (!_over && _began.TryGetValue(field.Name, out var began) && began != kept.Was)
                {
                    _overtaken.Add(field.Label);
                }

                await field.TakeAsync(kept.Is);
                return true;
            }
        }

        if (_over)
        {
            Forget();
        }

        return false;
    }

    /// <summary>What stands in the fields now is what they begin with.</summary>
    public void Forget()
    {
        (_edited, _over) = (false, false);
        _back.Clear();
        _overtaken.Clear();
    }

    private static Dictionary<string, KeptText>? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, KeptText>>(text);
        }
        catch (JsonException)
        {
            // Written by another version of the console: nothing that could be put back.
            return null;
        }
    }

    private bool Differs(IKeptField field) => _began.TryGetValue(field.Name, out var began) && began != field.Text;
}
