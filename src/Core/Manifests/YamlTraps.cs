namespace CalicoConsole.Core.Manifests;

/// <summary>
/// Finds what YAML 1.1 reads otherwise than people mean it: words that become booleans, numbers that lose their spelling, names given twice, and texts
/// that are lost because they begin with <c>!</c> or <c>&amp;</c> or go on behind <c>#</c>. Pure.
/// </summary>
internal sealed class YamlTraps(Action<YamlTreeNode, string> say)
{
    private const int Most = 200;

    // Where a boolean is meant, on and yes are one.
    private static readonly HashSet<string> Booleans = new(StringComparer.OrdinalIgnoreCase) { "nat-outgoing", "disabled", "enabled", "doNotTrack", "preDNAT" };

    // Where a number is meant, only another base than ten and underscores surprise.
    private static readonly HashSet<string> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        "order", "asNumber", "ports", "notPorts", "protocol", "notProtocol", "ipVersion", "type", "code",
    };

    // Without a value the rule, or the policy, has no such condition.
    private static readonly HashSet<string> Conditions = new(StringComparer.OrdinalIgnoreCase)
    {
        "selector", "notSelector", "net", "nets", "notNet", "notNets", "ports", "notPorts", "tag", "notTag",
        "protocol", "notProtocol", "icmp", "notICMP", "type", "code", "source", "destination", "ipVersion", "types",
    };

    // A closed set of words stands there, behind which a comment is one.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "apiVersion", "kind", "action", "protocol", "notProtocol", "mode", "scope", "types",
    };

    private static readonly HashSet<string> Addresses = new(StringComparer.OrdinalIgnoreCase)
    {
        "cidr", "peerIP", "net", "nets", "notNet", "notNets", "ipNetworks", "expectedIPs", "internalIP", "externalIP",
        "ipv4Gateway", "ipv6Gateway", "ipv4Address", "ipv6Address",
    };

    private readonly HashSet<YamlTreeNode> _seen = new(ReferenceEqualityComparer.Instance);
    private int _said;

    public static void Find(YamlTreeNode root, Action<YamlTreeNode, string> say) => new YamlTraps(say).Look(root, "");

    private void Say(YamlTreeNode node, string text)
    {
        if (_said++ < Most)
        {
            say(node, text);
        }
    }

    private void Look(YamlTreeNode written, string name)
    {
        // What aliases name stands once.
        var node = written.Real;
        if (!_seen.Add(node))
        {
            return;
        }

        if (node is not YamlTreeScalar && node.Tag.Length > 0 && !node.Tag.StartsWith(GoScalar.Core, StringComparison.Ordinal))
        {
            Say(node, $"{node.Tag} is a tag of YAML and means nothing here");
        }

        switch (node)
        {
            case YamlTreeMap map:
                Members(map);
                break;
            case YamlTreeList list:
                foreach (var item in list.Items)
                {
                    Look(item, name);
                }

                break;
            case YamlTreeScalar scalar:
                Lost(scalar, name);
                Read(scalar, name);
                if (Addresses.Contains(name) && ManifestAddress.LeadingZeros(GoScalar.From(scalar).AsText()) is { } said)
                {
                    Say(scalar, said);
                }

                break;
        }
    }

    private void Members(YamlTreeMap map)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Members)
        {
            var own = key.Real is YamlTreeScalar scalar ? GoScalar.From(scalar).AsText() : "";
            if (key is YamlTreeScalar { Text: not "<<" } written)
            {
                Lost(written, "");
                Read(written, "");
                if (!names.Add(own))
                {
                    Say(key, $"{own} is given twice: the last one counts");
                }
            }

            if (Conditions.Contains(own) && value.Real is YamlTreeScalar { Anchor: "", Tag: "" } condition
                && GoScalar.From(condition).Kind == GoScalarKind.Null)
            {
                Say(key, $"{own} has no value: it is as if the line were not there");
            }

            Look(value, own);
        }
    }

    private void Lost(YamlTreeScalar scalar, string name)
    {
        if (scalar.Tag.Length > 0 && !scalar.Tag.StartsWith(GoScalar.Core, StringComparison.Ordinal))
        {
            var meaning = Conditions.Contains(name) ? $" and {Meaning(name)}" : "";
            Say(scalar, $"{scalar.Tag} without quotes is a YAML tag and not " + (scalar.Text.Length == 0
                ? $"text, so the value is empty{meaning}: write '{scalar.Tag}' where the text is meant"
                : $"part of the text, which is {scalar.Text}: write '{scalar.Tag} {scalar.Text}' where all of it is meant"));
        }
        else if (scalar is { IsMissing: true, Anchor.Length: > 0 })
        {
            Say(scalar, $"&{scalar.Anchor} without quotes is a YAML anchor, not text, so there is no value: "
                + $"write '&{scalar.Anchor}' where the text is meant");
        }

        // An ordinary comment begins with a blank, and stands seldom behind a text of one's own.
        var own = name.Length > 0 && !Words.Contains(name) && GoScalar.From(scalar).Kind == GoScalarKind.Text;
        if (scalar.Comment.Length > 1 && (own || scalar.Comment[1] is not (' ' or '\t' or '#')))
        {
            Say(scalar, $"{scalar.Comment} is a comment, since a # behind a blank begins one: the value is {scalar.Text}; "
                + "put it in quotes where all of it is meant");
        }
    }

    private static string Meaning(string name) => name.Equals("selector", StringComparison.OrdinalIgnoreCase) ? "selects everything" : "is no condition";

    private void Read(YamlTreeScalar scalar, string name)
    {
        if (!scalar.IsPlain || scalar.Tag.Length > 0)
        {
            return;
        }

        var read = GoScalar.From(scalar);
        switch (read.Kind)
        {
            case GoScalarKind.Null when !scalar.IsMissing && scalar.Text.Length > 1 && !Conditions.Contains(name):
                Say(scalar, $"unquoted {scalar.Text} is not text: there is no value; write \"{scalar.Text}\" where the text is meant");
                break;
            case GoScalarKind.Bool when scalar.Text is not ("true" or "false") && !Booleans.Contains(name):
                Say(scalar, $"unquoted {scalar.Text} is read as {read.Text}: write \"{scalar.Text}\" where the text is meant");
                break;
            case GoScalarKind.Float when name.Equals("asNumber", StringComparison.OrdinalIgnoreCase):
                Say(scalar, $"unquoted {scalar.Text} is read as a fraction: write \"{scalar.Text}\" for the dotted form of an AS number");
                break;
            case GoScalarKind.Integer when Numbers.Contains(name) && read.AsText() != scalar.Text.TrimStart('+'):
            case GoScalarKind.Float when Numbers.Contains(name) && scalar.Text.Contains('_', StringComparison.Ordinal):
                Say(scalar, $"{scalar.Text} is read as the number {read.AsText()}");
                break;
            case GoScalarKind.Integer or GoScalarKind.Float when read.AsText() != scalar.Text && !Numbers.Contains(name):
                Say(scalar, $"unquoted {scalar.Text} is read as the number {read.AsText()}: write \"{scalar.Text}\" where the text is meant");
                break;
        }
    }
}
