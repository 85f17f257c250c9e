using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Model.V1;

namespace CalicoConsole.Web.Areas.Nodes;

/// <summary>A node's part in BGP as typed.</summary>
public sealed record NodeDraft
{
    /// <summary>spec.bgp.ipv4Address with its prefix; empty is none.</summary>
    public string IPv4 { get; init; } = "";

    /// <summary>spec.bgp.ipv6Address with its prefix; empty is none.</summary>
    public string IPv6 { get; init; } = "";

    /// <summary>spec.bgp.asNumber; empty follows the global one.</summary>
    public string AsNumber { get; init; } = "";

    /// <summary>The draft that says the same as a node.</summary>
    public static NodeDraft From(Node node) => new()
    {
        IPv4 = node.IPv4?.ToString() ?? "",
        IPv6 = node.IPv6?.ToString() ?? "",
        AsNumber = node.AsNumber?.ToString(CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>The node, or why it cannot be read.</summary>
    /// <param name="stored">The node that is changed: what the draft does not say stays.</param>
    public (Node? Node, ImmutableArray<FieldError> Errors) ToNode(Node stored)
    {
        List<FieldError> errors = [];
        uint? number = null;
        if (AsNumber.Trim().Length > 0)
        {
            if (AsNumbers.TryParse(AsNumber.Trim(), out var read))
            {
                number = read;
            }
            else
            {
                errors.Add(new FieldError("spec.bgp.asNumber", $"'{AsNumber.Trim()}' is not an AS number such as 64512 or 1.10"));
            }
        }

        var node = stored with
        {
            IPv4 = Address("spec.bgp.ipv4Address", IPv4, errors),
            IPv6 = Address("spec.bgp.ipv6Address", IPv6, errors),
            AsNumber = number
        };
        return errors.Count == 0 ? (node, []) : (null, [.. errors]);
    }

    /// <summary>This draft on top of what somebody else made of the base: each field as this draft has it where it was changed here, else as theirs.</summary>
    public NodeDraft OnTopOf(NodeDraft theirs, NodeDraft before) => theirs with
    {
        IPv4 = IPv4 != before.IPv4 ? IPv4 : theirs.IPv4,
        IPv6 = IPv6 != before.IPv6 ? IPv6 : theirs.IPv6,
        AsNumber = AsNumber != before.AsNumber ? AsNumber : theirs.AsNumber,
    };

    private static Cidr? Address(string field, string text, List<FieldError> errors)
    {
        if (text.Trim().Length == 0)
        {
            return null;
        }

        if (Cidr.TryParse(text.Trim(), out var cidr))
        {
            return cidr;
        }

        errors.Add(new FieldError(field, $"'{text.Trim()}' is not an address with its prefix, such as 192.0.2.10/24"));
        return null;
    }
}
