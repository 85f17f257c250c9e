using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Reachability.Rules;
using CalicoConsole.Core.Selectors;

namespace CalicoConsole.Core.Reachability.Assertions;

/// <summary>
/// The JSON document of an assertion: <c>{"from":{"tag":"web"},"to":{"host":"docker01"},"protocol":"tcp","ports":[5432,"8000:8010"],"expect":"must"}</c>.
/// An end has one member: anything (true), tag, profile, selector, network, endpoint, host or net. Optional are protocol, ports, icmpType, ipVersion
/// and note; expect is must or mustNot. Pure.
/// </summary>
public static class AssertionCodec
{
    /// <summary>The longest note, in characters.</summary>
    public const int LongestNote = 1000;

    private static readonly string[] Members = ["from", "to", "protocol", "ports", "icmpType", "ipVersion", "expect", "note"];

    /// <summary>How the document names the kinds of ends.</summary>
    public static ImmutableArray<(AssertionEndKind Kind, string Name)> EndNames { get; } =
    [
        (AssertionEndKind.Anything, "anything"), (AssertionEndKind.Tag, "tag"), (AssertionEndKind.Profile, "profile"), (AssertionEndKind.Selector, "selector"),
        (AssertionEndKind.Network, "network"), (AssertionEndKind.Endpoint, "endpoint"), (AssertionEndKind.Host, "host"), (AssertionEndKind.Net, "net"),
    ];

    /// <summary>Everything that is wrong with a document; empty when it is an assertion.</summary>
    public static ImmutableArray<FieldError> Errors(string json) => TryRead(json, out _, out var errors) ? [] : errors;

    /// <summary>Reads a document.</summary>
    /// <param name="json">The document.</param>
    /// <param name="assertion">What it says.</param>
    /// <param name="errors">Everything that is wrong, by field.</param>
    public static bool TryRead(string json, [NotNullWhen(true)] out Assertion? assertion, out ImmutableArray<FieldError> errors)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            return TryRead(document.RootElement, out assertion, out errors);
        }
        catch (JsonException)
        {
            (assertion, errors) = (null, [new FieldError("", "is not JSON")]);
            return false;
        }
    }

    /// <summary>Reads a document that is parsed already.</summary>
    public static bool TryRead(JsonElement document, [NotNullWhen(true)] out Assertion? assertion, out ImmutableArray<FieldError> errors)
    {
        var wrong = ImmutableArray.CreateBuilder<FieldError>();
        assertion = null;
        if (document.ValueKind != JsonValueKind.Object)
        {
            errors = [new FieldError("", "must be a JSON object")];
            return false;
        }

        foreach (var member in document.EnumerateObject().Where(m => !Members.Contains(m.Name)))
        {
            wrong.Add(new FieldError(member.Name, $"unknown member; known are {string.Join(", ", Members)}"));
        }

        var (from, to) = (End(document, "from", wrong), End(document, "to", wrong));
        var protocol = Protocol(document, wrong);
        var ports = Ports(document, protocol, wrong);
        var type = Number(document, "icmpType", 0, 254, wrong);
        if (type is not null && protocol is not (ProtocolNumbers.Icmp or ProtocolNumbers.IcmpV6))
        {
            wrong.Add(new FieldError("icmpType", "is for protocol icmp only"));
        }

        var version = Number(document, "ipVersion", 4, 6, wrong);
        if (version == 5)
        {
            wrong.Add(new FieldError("ipVersion", "must be 4 or 6"));
        }

        var note = Text(document, "note", wrong) ?? "";
        if (note.Length > LongestNote)
        {
            wrong.Add(new FieldError("note", string.Create(CultureInfo.InvariantCulture, $"must have at most {LongestNote} characters")));
        }

        var expect = Text(document, "expect", wrong);
        if (expect is not ("must" or "mustNot") && !wrong.Any(e => e.Field == "expect"))
        {
            wrong.Add(new FieldError("expect", expect is null ? "required: must or mustNot" : $"'{expect}' is neither must nor mustNot"));
        }

        if (from is { Kind: AssertionEndKind.Net } && to is { Kind: AssertionEndKind.Net } && Cidr.Parse(from.Value).IsIPv6 != Cidr.Parse(to.Value).IsIPv6)
        {
            wrong.Add(new FieldError("to.net", "from and to are of different IP versions"));
        }

        errors = wrong.ToImmutable();
        assertion = errors.IsEmpty && from is not null && to is not null
            ? new Assertion
            {
                From = from,
                To = to,
                Protocol = protocol,
                Ports = ports,
                IcmpType = type,
                IPVersion = version,
                Must = expect == "must",
                Note = note
            }
            : null;
        return assertion is not null;
    }

    /// <summary>The document of an assertion.</summary>
    public static string Write(Assertion assertion)
    {
        ArgumentNullException.ThrowIfNull(assertion);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            Write(json, "from", assertion.From);
            Write(json, "to", assertion.To);
            if (assertion.Protocol is { } protocol)
            {
                json.WriteString("protocol", ProtocolNumbers.NameOf(protocol));
            }

            if (!assertion.Ports.IsEmpty)
            {
                json.WriteStartArray("ports");
                foreach (var range in assertion.Ports)
                {
                    if (range.First == range.Last)
                    {
                        json.WriteNumberValue(range.First);
                    }
                    else
                    {
                        json.WriteStringValue(range.ToString());
                    }
                }

                json.WriteEndArray();
            }

            if (assertion.IcmpType is { } type)
            {
                json.WriteNumber("icmpType", type);
            }

            if (assertion.IPVersion is { } version)
            {
                json.WriteNumber("ipVersion", version);
            }

            json.WriteString("expect", assertion.Must ? "must" : "mustNot");
            if (assertion.Note.Length > 0)
            {
                json.WriteString("note", assertion.Note);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, AssertionEnd end)
    {
        json.WriteStartObject(name);
        if (end.Kind == AssertionEndKind.Anything)
        {
            json.WriteBoolean("anything", true);
        }
        else
        {
            json.WriteString(EndNames.First(n => n.Kind == end.Kind).Name, end.Value);
        }

        json.WriteEndObject();
    }

    private static AssertionEnd? End(JsonElement document, string name, ImmutableArray<FieldError>.Builder wrong)
    {
        var kinds = string.Join(", ", EndNames.Select(n => n.Name));
        if (!document.TryGetProperty(name, out var element) || element.ValueKind != JsonValueKind.Object
            || element.EnumerateObject().ToArray() is not [var member])
        {
            wrong.Add(new FieldError(name, $"must be an object with one of {kinds}"));
            return null;
        }

        var (kind, known) = EndNames.FirstOrDefault(n => n.Name == member.Name);
        if (known is null)
        {
            wrong.Add(new FieldError($"{name}.{member.Name}", $"unknown member; known are {kinds}"));
            return null;
        }

        var field = $"{name}.{known}";
        if (kind == AssertionEndKind.Anything)
        {
            if (member.Value.ValueKind == JsonValueKind.True)
            {
                return AssertionEnd.Anything;
            }

            wrong.Add(new FieldError(field, "must be true"));
            return null;
        }

        var value = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()!.Trim() : null;
        var problem = value switch
        {
            null => "must be a string",
            "" => "required",
            _ when kind == AssertionEndKind.Selector => Selector.TryParse(value, out _, out var error)
                ? null : string.Create(CultureInfo.InvariantCulture, $"{error.Reason} at position {error.Position + 1}"),
            _ when kind == AssertionEndKind.Net => Net(value) is null ? $"'{value}' is neither an address nor a CIDR" : null,
            _ => null,
        };
        if (problem is not null)
        {
            wrong.Add(new FieldError(field, problem));
            return null;
        }

        return new AssertionEnd(kind, kind == AssertionEndKind.Net ? Net(value!)!.Value.ToString() : value!);
    }

    private static Cidr? Net(string text) => Ip.TryParse(text, out var ip) ? new Cidr(ip, ip.Width) : Cidr.TryParse(text, out var cidr) ? cidr.Masked() : null;

    private static int? Protocol(JsonElement document, ImmutableArray<FieldError>.Builder wrong)
    {
        if (!document.TryGetProperty("protocol", out var element) || element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var text = element.ValueKind switch { JsonValueKind.String => element.GetString()!, JsonValueKind.Number => element.GetRawText(), _ => "" };
        var number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var given)
            ? ProtocolNumbers.For(new Protocol(null, given)) : ProtocolNumbers.For(new Protocol(text, 0));
        if (number is null)
        {
            wrong.Add(new FieldError("protocol", $"'{text}' is none of tcp, udp, icmp, icmpv6, sctp, udplite, 1 to 255"));
        }

        return number;
    }

    private static ImmutableArray<PortRange> Ports(JsonElement document, int? protocol, ImmutableArray<FieldError>.Builder wrong)
    {
        if (!document.TryGetProperty("ports", out var element) || element.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            wrong.Add(new FieldError("ports", "must be a list of ports, and of ranges as \"8000:8010\""));
            return [];
        }

        var ports = ImmutableArray.CreateBuilder<PortRange>();
        foreach (var item in element.EnumerateArray())
        {
            var text = item.ValueKind switch { JsonValueKind.String => item.GetString()!, JsonValueKind.Number => item.GetRawText(), _ => "" };
            if (Range(text) is not { } range)
            {
                wrong.Add(new FieldError("ports", $"'{text}' is neither a port from 1 to 65535 nor a range such as 8000:8010"));
            }
            else
            {
                ports.Add(range);
            }
        }

        if (ports.Count > 0 && protocol is not (ProtocolNumbers.Tcp or ProtocolNumbers.Udp))
        {
            wrong.Add(new FieldError("ports", "are for protocols tcp and udp only"));
        }

        return ports.ToImmutable();
    }

    private static PortRange? Range(string text)
    {
        var parts = text.Split(':', '-');
        return parts.Length is 1 or 2 && Port(parts[0]) is { } first && Port(parts[^1]) is { } last && first <= last ? new PortRange(first, last) : null;
    }

    private static int? Port(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is >= 1 and <= 65535 ? port : null;

    private static int? Number(JsonElement document, string name, int first, int last, ImmutableArray<FieldError>.Builder wrong)
    {
        if (!document.TryGetProperty(name, out var element) || element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && number >= first && number <= last)
        {
            return number;
        }

        wrong.Add(new FieldError(name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {first} to {last}")));
        return null;
    }

    private static string? Text(JsonElement document, string name, ImmutableArray<FieldError>.Builder wrong)
    {
        if (!document.TryGetProperty(name, out var element) || element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.String)
        {
            return element.GetString();
        }

        wrong.Add(new FieldError(name, "must be a string"));
        return null;
    }
}
