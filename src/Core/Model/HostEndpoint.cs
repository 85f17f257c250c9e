namespace CalicoConsole.Core.Model;

/// <summary>A host endpoint (calicoctl 1.6.3 hostEndpoint; stored form: docs/calico-v1.md#hostendpoint).</summary>
public sealed record HostEndpoint
{
    /// <summary>metadata.node.</summary>
    public required string Node { get; init; }

    /// <summary>metadata.name.</summary>
    public required string Name { get; init; }

    /// <summary>metadata.labels.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>spec.interfaceName, stored as <c>name</c>; empty when unset.</summary>
    public string InterfaceName { get; init; } = "";

    /// <summary>IPv4 addresses of spec.expectedIPs.</summary>
    public ImmutableArray<Ip> ExpectedIPv4 { get; init; } = [];

    /// <summary>IPv6 addresses of spec.expectedIPs.</summary>
    public ImmutableArray<Ip> ExpectedIPv6 { get; init; } = [];

    /// <summary>
    /// Where blanks stand among the stored IPv6 addresses: calicoctl stores what is null or empty in spec.expectedIPs as an empty text there.
    /// </summary>
    public ImmutableArray<int> BlankExpectedIPs { get; init; } = [];

    /// <summary>spec.profiles in order.</summary>
    public ImmutableArray<string> ProfileIds { get; init; } = [];

    /// <summary>Stored members that are not known.</summary>
    public UnknownMembers Unknown { get; init; }

    /// <summary>The texts of the stored list of IPv6 addresses, blanks in their places.</summary>
    public IEnumerable<string> ExpectedIPv6Texts()
    {
        var (next, count) = (0, ExpectedIPv6.Length + BlankExpectedIPs.Length);
        for (var i = 0; i < count; i++)
        {
            yield return BlankExpectedIPs.Contains(i) ? "" : ExpectedIPv6[next++].ToString();
        }
    }

    /// <summary>Where a list has blanks.</summary>
    public static ImmutableArray<int> Blanks(ImmutableArray<Ip?> addresses) => [.. Enumerable.Range(0, addresses.Length).Where(i => addresses[i] is null)];
}
