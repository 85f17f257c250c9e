
namespace CalicoConsole.Core.Snapshot;

/// <summary>Keeps count of the keys of one identity while a state is made: see <see cref="CalicoState.OtherSpellings"/>. Lives for one build.</summary>
internal sealed class KeySpellings(CalicoState start)
{
    private readonly ImmutableSortedDictionary<string, ImmutableSortedSet<string>>.Builder _others = start.OtherSpellings.ToBuilder();

    /// <summary>Whether a key shares its identity with another one, or could.</summary>
    public bool Concerns(string key, string spelling) => key != spelling || _others.ContainsKey(spelling);

    /// <summary>Notes that a key came or went.</summary>
    public void Note(string key, string spelling, bool stands)
    {
        if (key == spelling)
        {
            return;
        }

        var others = _others.GetValueOrDefault(spelling, ImmutableSortedSet.Create<string>(StringComparer.Ordinal));
        others = stands ? others.Add(key) : others.Remove(key);
        _ = others.IsEmpty ? _others.Remove(spelling) : (_others[spelling] = others).IsEmpty;
    }

    /// <summary>The keys of an identity that are there: that of Calico's spelling first, then in order.</summary>
    public ImmutableArray<string> Standing(string spelling)
    {
        IEnumerable<string> others = _others.TryGetValue(spelling, out var found) ? found : [];
        return [.. others.Prepend(spelling).Where(k => start.Keys.TryGet(k, out _))];
    }

    /// <summary>The key under which an identity stands.</summary>
    public string KeyOf(string spelling) => !_others.ContainsKey(spelling) ? spelling : Standing(spelling) is [var first, ..] ? first : spelling;

    public ImmutableSortedDictionary<string, ImmutableSortedSet<string>> ToImmutable() => _others.ToImmutable();

    /// <summary>Why a key does not count.</summary>
    public static string Reason(string counting, string spelling) =>
        $"it is a second key of what stands at {counting} as well, and Felix follows whichever was written "
            + $"last{(counting == spelling ? "" : $"; Calico itself would write {spelling}")}: remove one of the two";
}
