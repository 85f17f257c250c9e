using System.Collections.Immutable;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Kit.Forms;

namespace CalicoConsole.Web.Areas.HostEndpoints;

/// <summary>A host endpoint as typed.</summary>
public sealed record HostEndpointDraft
{
    /// <summary>metadata.node.</summary>
    public string Node { get; init; } = "";

    /// <summary>metadata.name.</summary>
    public string Name { get; init; } = "";

    /// <summary>spec.interfaceName.</summary>
    public string Interface { get; init; } = "";

    /// <summary>spec.expectedIPs, with commas or blanks between.</summary>
    public string Addresses { get; init; } = "";

    /// <summary>spec.profiles in order, with commas or blanks between.</summary>
    public string Profiles { get; init; } = "";

    /// <summary>metadata.labels, each a line of <c>key=value</c>.</summary>
    public string Labels { get; init; } = "";

    /// <summary>What the stored document has and no field says.</summary>
    public UnknownMembers Unknown { get; init; }

    /// <summary>The draft that says the same as a host endpoint.</summary>
    public static HostEndpointDraft From(HostEndpoint endpoint) => new()
    {
        Node = endpoint.Node,
        Name = endpoint.Name,
        Interface = endpoint.InterfaceName,
        Addresses = string.Join(", ", endpoint.ExpectedIPv4.Concat(endpoint.ExpectedIPv6)),
        Profiles = string.Join(", ", endpoint.ProfileIds),
        Labels = DraftText.Lines(endpoint.Labels),
        Unknown = endpoint.Unknown,
    };

    /// <summary>The host endpoint, or why it cannot be read.</summary>
    public (HostEndpoint? Endpoint, ImmutableArray<FieldError> Errors) ToHostEndpoint()
    {
        List<FieldError> errors = [];
        if (Node.Trim().Length == 0)
        {
            errors.Add(new FieldError("metadata.node", "A node is needed"));
        }

        if (Name.Trim().Length == 0)
        {
            errors.Add(new FieldError("metadata.name", "A name is needed"));
        }

        var addresses = new List<Ip>();
        foreach (var word in SeveralWords.In(Addresses))
        {
            if (Ip.TryParse(word, out var ip))
            {
                addresses.Add(ip);
            }
            else
            {
                errors.Add(new FieldError("spec.expectedIPs", $"'{word}' is not an address such as 192.0.2.7"));
            }
        }

        var endpoint = new HostEndpoint
        {
            Node = Node.Trim(),
            Name = Name.Trim(),
            InterfaceName = Interface.Trim(),
            ExpectedIPv4 = [.. addresses.Where(a => !a.IsIPv6)],
            ExpectedIPv6 = [.. addresses.Where(a => a.IsIPv6)],
            ProfileIds = [.. SeveralWords.In(Profiles)],
            Labels = DraftText.Labels("metadata.labels", Labels, errors),
            Unknown = Unknown,
        };
        return errors.Count == 0 ? (endpoint, []) : (null, [.. errors]);
    }

    /// <summary>This draft on top of what somebody else made of the base: each field as this draft has it where it was changed here, else as theirs.</summary>
    public HostEndpointDraft OnTopOf(HostEndpointDraft theirs, HostEndpointDraft before) => theirs with
    {
        Interface = Interface != before.Interface ? Interface : theirs.Interface,
        Addresses = Addresses != before.Addresses ? Addresses : theirs.Addresses,
        Profiles = Profiles != before.Profiles ? Profiles : theirs.Profiles,
        Labels = Labels != before.Labels ? Labels : theirs.Labels,
    };
}
