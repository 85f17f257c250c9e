using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>
/// Which label classes belong to which set, for one version of the endpoints and profiles. Sets are worked out when first asked for, from
/// lists of the classes that have a label. Thread-safe: what two threads work out at once is equal.
/// </summary>
internal sealed class MemberSets
{
    private readonly RuleCatalog _catalog;
    private readonly IReadOnlyDictionary<string, string>[] _labels;
    private readonly Lazy<Dictionary<string, Dictionary<string, List<int>>>> _postings;
    private ulong[]?[] _bits;

    public MemberSets(RuleCatalog catalog, IReadOnlyDictionary<string, string>[] labels)
    {
        _catalog = catalog;
        _labels = labels;
        _bits = new ulong[catalog.SetCount][];
        _postings = new(Postings);
    }

    /// <summary>Effective labels by label class.</summary>
    public IReadOnlyDictionary<string, string>[] Labels => _labels;

    public bool Contains(int set, in ResolvedAddress address)
    {
        if (address.Owner < 0)
        {
            return false;
        }

        var bits = Bits(set);
        if (Has(bits, address.Owner))
        {
            return true;
        }

        if (!address.Others.IsDefault)
        {
            foreach (var other in address.Others)
            {
                if (Has(bits, other))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public bool ContainsClass(int set, int labelClass) => Has(Bits(set), labelClass);

    // One bit for each label class, and beyond the last class anything.
    private ulong[] Bits(int set)
    {
        var all = _bits;
        if (set < all.Length && all[set] is { } known)
        {
            return known;
        }

        var made = Evaluate(_catalog.Set(set));
        if (set >= all.Length)
        {
            Array.Resize(ref all, _catalog.SetCount);
            _bits = all;
        }

        return all[set] = made;
    }

    private static bool Has(ulong[] bits, int index) => (bits[index >> 6] >> (index & 63) & 1) != 0;

    private ulong[] Evaluate(SelectorNode node) => node switch
    {
        SelectorNode.All => Not(New()),
        SelectorNode.Has has => Fill(New(), _postings.Value.TryGetValue(has.Label, out var values) ? values.Values : []),
        SelectorNode.Compare compare => Negate(compare.Negated, Value(New(), compare.Label, compare.Value)),
        SelectorNode.InSet set => Negate(set.Negated, set.Values.Aggregate(New(), (bits, value) => Value(bits, set.Label, value))),
        SelectorNode.Not not => Not(Evaluate(not.Operand)),
        SelectorNode.And and => and.Operands.Select(Evaluate).Aggregate(static (a, b) => Combine(a, b, static (x, y) => x & y)),
        SelectorNode.Or or => or.Operands.Select(Evaluate).Aggregate(static (a, b) => Combine(a, b, static (x, y) => x | y)),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, "unknown part of a selector"),
    };

    private ulong[] New() => new ulong[(_labels.Length + 63) / 64];

    private ulong[] Value(ulong[] bits, string label, string value) =>
        _postings.Value.TryGetValue(label, out var values) && values.TryGetValue(value, out var classes) ? Fill(bits, [classes]) : bits;

    private static ulong[] Fill(ulong[] bits, IEnumerable<List<int>> lists)
    {
        foreach (var list in lists)
        {
            foreach (var index in list)
            {
                bits[index >> 6] |= 1UL << (index & 63);
            }
        }

        return bits;
    }

    private static ulong[] Negate(bool negated, ulong[] bits) => negated ? Not(bits) : bits;

    private static ulong[] Not(ulong[] bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = ~bits[i];
        }

        return bits;
    }

    private static ulong[] Combine(ulong[] a, ulong[] b, Func<ulong, ulong, ulong> with)
    {
        for (var i = 0; i < a.Length; i++)
        {
            a[i] = with(a[i], b[i]);
        }

        return a;
    }

    private Dictionary<string, Dictionary<string, List<int>>> Postings()
    {
        var postings = new Dictionary<string, Dictionary<string, List<int>>>(StringComparer.Ordinal);
        for (var i = 0; i < _labels.Length; i++)
        {
            foreach (var (label, value) in _labels[i])
            {
                if (!postings.TryGetValue(label, out var values))
                {
                    postings[label] = values = new(StringComparer.Ordinal);
                }

                if (!values.TryGetValue(value, out var classes))
                {
                    values[value] = classes = [];
                }

                classes.Add(i);
            }
        }

        return postings;
    }
}
