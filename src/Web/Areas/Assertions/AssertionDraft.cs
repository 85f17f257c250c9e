using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Assertions;
using CalicoConsole.Core.Reachability.Rules;

namespace CalicoConsole.Web.Areas.Assertions;

/// <summary>An assertion as typed. Kinds of ends, protocol and expectation are as the document spells them.</summary>
public sealed record AssertionDraft
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The kind of the sender.</summary>
    public string FromKind { get; init; } = "tag";

    /// <summary>The sender.</summary>
    public string From { get; init; } = "";

    /// <summary>The kind of the receiver.</summary>
    public string ToKind { get; init; } = "tag";

    /// <summary>The receiver.</summary>
    public string To { get; init; } = "";

    /// <summary>must or mustNot.</summary>
    public string Expect { get; init; } = "must";

    /// <summary>The protocol; empty is all traffic.</summary>
    public string Protocol { get; init; } = "tcp";

    /// <summary>Ports and ranges with commas between; empty is every port.</summary>
    public string Ports { get; init; } = "";

    /// <summary>The ICMP type; empty is an echo request.</summary>
    public string IcmpType { get; init; } = "";

    /// <summary>4, 6, or empty for both.</summary>
    public string IPVersion { get; init; } = "";

    /// <summary>Why.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether there are ports to give.</summary>
    public bool HasPorts => Protocol is "tcp" or "udp";

    /// <summary>The draft that says the same as an assertion.</summary>
    public static AssertionDraft For(string name, Assertion assertion)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        return new AssertionDraft
        {
            Name = name,
            FromKind = NameOf(assertion.From.Kind),
            From = assertion.From.Value,
            ToKind = NameOf(assertion.To.Kind),
            To = assertion.To.Value,
            Expect = assertion.Must ? "must" : "mustNot",
            Protocol = assertion.Protocol is { } protocol ? ProtocolNumbers.NameOf(protocol) : "",
            Ports = string.Join(", ", assertion.Ports),
            IcmpType = assertion.IcmpType?.ToString(CultureInfo.InvariantCulture) ?? "",
            IPVersion = assertion.IPVersion?.ToString(CultureInfo.InvariantCulture) ?? "",
            Note = assertion.Note,
        };
    }

    /// <summary>The assertion, or why it cannot be read.</summary>
    public (Assertion? Assertion, ImmutableArray<FieldError> Errors) Read()
    {
        var document = new JsonObject { ["from"] = End(FromKind, From), ["to"] = End(ToKind, To), ["expect"] = Expect };
        Set("protocol", Protocol.Trim());
        Set("note", Note.Trim());
        if (HasPorts && Ports.Trim().Length > 0)
        {
            document["ports"] = new JsonArray([.. Ports.Split(',').Select(p => (JsonNode)p.Trim())]);
        }

        Number("icmpType", Protocol.StartsWith("icmp", StringComparison.Ordinal) ? IcmpType.Trim() : "");
        Number("ipVersion", IPVersion.Trim());
        return AssertionCodec.TryRead(document.ToJsonString(), out var assertion, out var errors) ? (assertion, []) : (null, errors);

        void Set(string name, string text)
        {
            if (text.Length > 0)
            {
                document[name] = text;
            }
        }

        void Number(string name, string text)
        {
            if (text.Length > 0)
            {
                document[name] = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : text;
            }
        }
    }

    private static string NameOf(AssertionEndKind kind) => AssertionCodec.EndNames.First(n => n.Kind == kind).Name;

    private static JsonObject End(string kind, string value) => new() { [kind] = kind == "anything" ? true : value.Trim() };
}
