using System.Text.RegularExpressions;

namespace CalicoConsole.Core.Model.Validation;

/// <summary>Rules for single values, shared by the kinds (docs/calico-v1.md#values; libcalico-go 1.7.3 lib/validator). Thread-safe.</summary>
public static partial class ValueRules
{
    /// <summary>What a rule may do.</summary>
    public static ImmutableArray<string> Actions { get; } = ["allow", "deny", "log", "pass"];

    /// <summary>Protocols that have a name.</summary>
    public static ImmutableArray<string> Protocols { get; } = ["tcp", "udp", "icmp", "icmpv6", "sctp", "udplite"];

    /// <summary>Directions that a policy may govern.</summary>
    public static ImmutableArray<string> PolicyTypes { get; } = ["ingress", "egress"];

    /// <summary>When a pool's tunnel is used.</summary>
    public static ImmutableArray<string> IpipModes { get; } = ["always", "cross-subnet"];

    /// <summary>Whom a BGP peer is for.</summary>
    public static ImmutableArray<string> PeerScopes { get; } = ["global", "node"];

    /// <summary>Nodes, tags, activeInstanceID.</summary>
    public static bool IsName(string text) => NameForm().IsMatch(text);

    /// <summary>Profiles, policies, endpoints, workloads, orchestrators.</summary>
    public static bool IsNamespacedName(string text) => NamespacedNameForm().IsMatch(text);

    /// <summary>Keys of labels.</summary>
    public static bool IsLabelKey(string text) => LabelKeyForm().IsMatch(text);

    /// <summary>Values of labels.</summary>
    public static bool IsLabelValue(string text) => LabelValueForm().IsMatch(text);

    /// <summary>Interface names; calicoctl 1.6.3 takes no dot.</summary>
    public static bool IsInterface(string text) => InterfaceForm().IsMatch(text);

    /// <summary>Names of protocols.</summary>
    public static bool IsProtocolName(string text) => Protocols.Contains(text);

    /// <summary>Why etcd could not hold a key that ends in this name, although calicoctl accepts it; null when it can (docs/calico-v1.md#etcd-keys).</summary>
    public static string? HiddenName(string name) => name switch
    {
        "." or ".." => $"'{name}' would address another directory of etcd and not an object of this name",
        ['_', ..] => "etcd hides keys that begin with '_': neither lists nor Felix would ever see the object",
        _ => null,
    };

    [GeneratedRegex(@"\A[a-zA-Z0-9_.-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A[a-zA-Z0-9_./-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamespacedNameForm();

    [GeneratedRegex(@"\A[a-zA-Z0-9_./-]{1,512}\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelKeyForm();

    [GeneratedRegex(@"\A[a-zA-Z0-9]?([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValueForm();

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,15}\z", RegexOptions.CultureInvariant)]
    private static partial Regex InterfaceForm();
}
