using System.Text.RegularExpressions;

namespace CalicoConsole.Core.Model.Validation;

/// <summary>Rules for single values, shared by the kinds (docs/calico-v1.md#values; libcalico-go 1.7.3 lib/validator). Thread-safe.</summary>
public static partial class ValueRules
{
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
    public static bool IsProtocolName(string text) => text is "tcp" or "udp" or "icmp" or "icmpv6" or "sctp" or "udplite";

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
