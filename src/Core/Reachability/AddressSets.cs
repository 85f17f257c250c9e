using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability;

/// <summary>The addresses of all endpoints with the labels that selectors see, and the sets that rules' tags and selectors name.</summary>
internal sealed class AddressSets
{
    private readonly List<(ImmutableArray<Cidr> Nets, IReadOnlyDictionary<string, string> Labels)> _members = [];
    private readonly Dictionary<string, AddressSet> _sets = new(StringComparer.Ordinal);

    public void Add(ImmutableArray<Cidr> nets, IReadOnlyDictionary<string, string> labels) => _members.Add((nets, labels));

    /// <summary>Has(tag): a label of that name satisfies a tag too (section 4).</summary>
    public AddressSet OfTag(string tag) => Get("t:" + tag, labels => labels.ContainsKey(tag));

    /// <summary>A selector that cannot be read names nothing; rules that hold one are refused before.</summary>
    public AddressSet OfSelector(string text) => Selector.TryParse(text, out var selector, out _)
        ? Get("s:" + selector.Canonical, selector.Matches)
        : Get("s:", _ => false);

    private AddressSet Get(string id, Func<IReadOnlyDictionary<string, string>, bool> matches)
    {
        if (!_sets.TryGetValue(id, out var set))
        {
            _sets[id] = set = new AddressSet(_members.Where(m => matches(m.Labels)).SelectMany(m => m.Nets));
        }

        return set;
    }
}

/// <summary>Addresses, most of them single.</summary>
internal sealed class AddressSet
{
    private readonly HashSet<Ip> _single = [];
    private readonly List<Cidr> _wide = [];

    public AddressSet(IEnumerable<Cidr> nets)
    {
        foreach (var net in nets)
        {
            if (net.IsSingle)
            {
                _single.Add(net.Address);
            }
            else
            {
                _wide.Add(net);
            }
        }
    }

    public bool Contains(Ip address)
    {
        if (_single.Contains(address))
        {
            return true;
        }

        foreach (var net in _wide)
        {
            if (net.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
