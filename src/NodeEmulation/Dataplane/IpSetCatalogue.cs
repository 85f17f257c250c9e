using System.Security.Cryptography;
using System.Text;
using CalicoConsole.Core.Model;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Collects the ip sets that rules name: one for each tag, selector and list of nets.</summary>
internal sealed class IpSetCatalogue
{
    private readonly SortedDictionary<string, IpSet> _sets = new(StringComparer.Ordinal);
    private readonly ImmutableArray<(IReadOnlyDictionary<string, string> Labels, ImmutableArray<Cidr> Nets)> _endpoints;

    public IpSetCatalogue(DataplaneInput input)
    {
        var profiles = input.Profiles.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _endpoints = [.. input.Endpoints.Select(e => (EffectiveLabels(e, profiles), e.IPv4Nets))];
    }

    public IEnumerable<IpSet> All => _sets.Values;

    /// <summary>Endpoints with a tag: a label of that name counts too, as in Felix.</summary>
    public string Tag(string tag) => Endpoints("t", tag, labels => labels.ContainsKey(tag));

    /// <summary>Endpoints for whose effective labels a selector holds.</summary>
    public string Selector(string text, Func<IReadOnlyDictionary<string, string>, bool> matches) => Endpoints("s", text, matches);

    /// <summary>A list of networks.</summary>
    public string Nets(ImmutableArray<Cidr> nets)
    {
        var members = Members(nets);
        return Add("n", string.Join(',', members), "hash:net", members);
    }

    /// <summary>Members of a <c>hash:net</c> set, which does not take a prefix length of 0.</summary>
    public static ImmutableArray<string> Members(IEnumerable<Cidr> nets) =>
        [.. nets.SelectMany(n => n.PrefixLength > 0 ? [n.Masked()] : new[] { Cidr.Parse("0.0.0.0/1"), Cidr.Parse("128.0.0.0/1") })
            .Distinct().Order().Select(n => n.IsSingle ? n.Address.ToString() : n.ToString())];

    /// <summary>A short name for a long text.</summary>
    public static string Hash(string text, int length) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Math.Min(length, 64)];

    private string Endpoints(string kind, string text, Func<IReadOnlyDictionary<string, string>, bool> matches) => Add(
        kind, text, "hash:ip", [.. _endpoints.Where(e => matches(e.Labels)).SelectMany(e => e.Nets).Select(n => n.Address).Distinct().Order().Select(a => a.ToString())]);

    private string Add(string kind, string text, string type, ImmutableArray<string> members)
    {
        var name = $"cali4-{kind}:{Hash(text, 20)}";
        _sets.TryAdd(name, new IpSet(name, type, members));
        return name;
    }

    /// <summary>Own labels, then of each profile in order its labels and its tags; the first hit wins (reference §4).</summary>
    private static Dictionary<string, string> EffectiveLabels(WorkloadEndpoint endpoint, Dictionary<string, Profile> profiles)
    {
        var labels = new Dictionary<string, string>(endpoint.Labels, StringComparer.Ordinal);
        foreach (var name in endpoint.ProfileIds.IsDefault ? [] : endpoint.ProfileIds)
        {
            if (!profiles.TryGetValue(name, out var profile))
            {
                continue;
            }

            foreach (var (key, value) in profile.Labels)
            {
                labels.TryAdd(key, value);
            }

            foreach (var tag in profile.Tags)
            {
                labels.TryAdd(tag, "");
            }
        }

        return labels;
    }
}
