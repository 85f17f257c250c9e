using CalicoConsole.Core.Model;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Makes the sets that rules name, each once, with the addresses of one family of all matching endpoints of all hosts.</summary>
internal sealed class SetCollector(DataplaneInput input, LabelIndex labels, bool isIPv6)
{
    private readonly SortedDictionary<string, IpSet> _sets = new(StringComparer.Ordinal);
    private List<(IReadOnlyDictionary<string, string> Labels, IEnumerable<Ip> Addresses)>? _labelled;

    private string Prefix => isIPv6 ? "cali6-" : "cali4-";

    public IEnumerable<IpSet> Sets => _sets.Values;

    /// <summary>The set of a tag: endpoints that have it as a tag of a profile, or as a label.</summary>
    public string Tag(string tag) => Add($"has({tag})", labels => labels.ContainsKey(tag));

    /// <summary>The set of a selector, which must parse.</summary>
    public string Select(string text) =>
        Selector.TryParse(text, out var selector, out var error)
            ? Add(selector.Canonical, selector.Matches) : throw new ArgumentException(error.Reason, nameof(text));

    private string Add(string content, Func<IReadOnlyDictionary<string, string>, bool> matches)
    {
        var name = ChainNames.Set(Prefix + "s:", content);
        if (!_sets.ContainsKey(name))
        {
            _labelled ??=
            [
                .. input.Endpoints.Select(e => (labels.For(e), (isIPv6 ? e.IPv6Nets : e.IPv4Nets).Select(n => n.Address))),
                .. input.HostEndpoints.Where(h => !h.ProfileIds.Any(p => p.Contains('/', StringComparison.Ordinal)))
                    .Select(h => (labels.For(h), (IEnumerable<Ip>)(isIPv6 ? h.ExpectedIPv6 : h.ExpectedIPv4))),
            ];
            var members = _labelled.Where(l => matches(l.Labels)).SelectMany(l => l.Addresses).Distinct().Order();
            _sets[name] = new IpSet(name, "hash:ip", [.. members.Select(m => m.ToString())]);
        }

        return name;
    }
}
