using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability.Rules;

/// <summary>What a rule asks of an address on one side: networks, tags, selectors. Compared by identity; equal ones are one object of their catalog.</summary>
internal sealed class AddressMatcher(int id, ImmutableArray<Cidr> nets, ImmutableArray<Cidr> notNets, ImmutableArray<int> sets, ImmutableArray<int> notSets)
{
    /// <summary>Its number in the catalog, from 0.</summary>
    public int Id { get; } = id;

    /// <summary>Networks of which one must hold the address; empty is any.</summary>
    public ImmutableArray<Cidr> Nets { get; } = nets;

    /// <summary>Networks of which none may hold the address.</summary>
    public ImmutableArray<Cidr> NotNets { get; } = notNets;

    /// <summary>Sets that must all hold the address.</summary>
    public ImmutableArray<int> Sets { get; } = sets;

    /// <summary>Sets of which none may hold the address.</summary>
    public ImmutableArray<int> NotSets { get; } = notSets;

    public bool Matches(in ResolvedAddress address, MemberSets members)
    {
        if (!Nets.IsEmpty && !In(Nets, address.Ip))
        {
            return false;
        }

        if (!NotNets.IsEmpty && In(NotNets, address.Ip))
        {
            return false;
        }

        foreach (var set in Sets)
        {
            if (!members.Contains(set, address))
            {
                return false;
            }
        }

        foreach (var set in NotSets)
        {
            if (members.Contains(set, address))
            {
                return false;
            }
        }

        return true;
    }

    public static bool In(ImmutableArray<Cidr> nets, Ip address)
    {
        foreach (var net in nets)
        {
            if (net.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>
/// Sets of endpoints and matchers that rules name, numbered once for all versions of a model, so that rules compiled for one version serve the
/// next. Only grows. Thread-safe.
/// </summary>
internal sealed class RuleCatalog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _setIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AddressMatcher> _matchers = new(StringComparer.Ordinal);
    private readonly List<SelectorNode> _sets = [];
    private readonly Dictionary<string, CompiledRules> _missing = new(StringComparer.Ordinal);

    /// <summary>The rules of a profile that does not exist: one object for each name.</summary>
    public CompiledRules Missing(string profile)
    {
        lock (_lock)
        {
            return _missing.TryGetValue(profile, out var known) ? known : _missing[profile] = CompiledRules.Missing(profile);
        }
    }

    /// <summary>How many sets have been named so far.</summary>
    public int SetCount
    {
        get
        {
            lock (_lock)
            {
                return _sets.Count;
            }
        }
    }

    /// <summary>How many matchers there are so far.</summary>
    public int MatcherCount
    {
        get
        {
            lock (_lock)
            {
                return _matchers.Count;
            }
        }
    }

    /// <summary>The condition of a set.</summary>
    public SelectorNode Set(int id)
    {
        lock (_lock)
        {
            return _sets[id];
        }
    }

    /// <summary>Has(tag): a label of that name satisfies a tag too.</summary>
    public int OfTag(string tag) => OfNode(Selector.TryParse($"has({tag})", out var selector, out _) ? selector.Root : new SelectorNode.Has(tag));

    /// <summary>The set of a selector that is known to parse.</summary>
    public int OfSelector(string text) => Selector.TryParse(text, out var selector, out var error)
        ? OfNode(selector.Root) : throw new ArgumentException(error.Reason, nameof(text));

    /// <summary>The matcher of one side of a rule; null when any address will do.</summary>
    public AddressMatcher? Matcher(RuleEntity side, bool ipv6)
    {
        ImmutableArray<Cidr> nets = [.. Nets(side).Where(n => n.IsIPv6 == ipv6)];
        ImmutableArray<Cidr> notNets = [.. NotNets(side).Where(n => n.IsIPv6 == ipv6)];
        ImmutableArray<int> sets = [.. Sets(side.Tag, side.Selector)];
        ImmutableArray<int> notSets = [.. Sets(side.NotTag, side.NotSelector)];
        if (nets.IsEmpty && notNets.IsEmpty && sets.IsEmpty && notSets.IsEmpty)
        {
            return null;
        }

        var key = $"{string.Join(',', nets)}|{string.Join(',', notNets)}|{string.Join(',', sets)}|{string.Join(',', notSets)}";
        lock (_lock)
        {
            return _matchers.TryGetValue(key, out var known) ? known : _matchers[key] = new AddressMatcher(_matchers.Count, nets, notNets, sets, notSets);
        }
    }

    /// <summary>All networks of a side, the deprecated single one included.</summary>
    public static ImmutableArray<Cidr> Nets(RuleEntity side) => side.Net is { } net ? side.Nets.Add(net) : side.Nets;

    /// <summary>All excluded networks of a side, the deprecated single one included.</summary>
    public static ImmutableArray<Cidr> NotNets(RuleEntity side) => side.NotNet is { } net ? side.NotNets.Add(net) : side.NotNets;

    private IEnumerable<int> Sets(string tag, string selector)
    {
        if (tag.Length > 0)
        {
            yield return OfTag(tag);
        }

        if (selector.Length > 0)
        {
            yield return OfSelector(selector);
        }
    }

    /// <summary>The set of a parsed selector.</summary>
    public int OfNode(SelectorNode node)
    {
        var key = node.Canonical;
        lock (_lock)
        {
            if (!_setIds.TryGetValue(key, out var id))
            {
                _setIds[key] = id = _sets.Count;
                _sets.Add(node);
            }

            return id;
        }
    }
}
