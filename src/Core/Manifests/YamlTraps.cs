namespace CalicoConsole.Core.Manifests;

/// <summary>Finds what YAML 1.1 reads otherwise than people mean it: words that become booleans, numbers that lose their spelling, names given twice. Pure.</summary>
internal static class YamlTraps
{
    private const int Most = 200;

    // Where a boolean is meant, on and yes are one.
    private static readonly HashSet<string> Booleans = new(StringComparer.OrdinalIgnoreCase) { "nat-outgoing", "disabled", "enabled", "doNotTrack", "preDNAT" };

    // Where a number is meant, its spelling does not matter.
    private static readonly HashSet<string> Numbers = new(StringComparer.OrdinalIgnoreCase) { "order", "asNumber", "ports", "notPorts", "protocol", "notProtocol", "ipVersion", "type", "code" };

    public static void Find(YamlTreeNode root, Action<YamlTreeNode, string> say)
    {
        var said = 0;
        Look(root, "", new HashSet<YamlTreeNode>(ReferenceEqualityComparer.Instance), (node, text) =>
        {
            if (said++ < Most)
            {
                say(node, text);
            }
        });
    }

    private static void Look(YamlTreeNode node, string name, HashSet<YamlTreeNode> seen, Action<YamlTreeNode, string> say)
    {
        // What aliases name stands once.
        if (!seen.Add(node))
        {
            return;
        }

        switch (node)
        {
            case YamlTreeMap map:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (var (key, value) in map.Members)
                {
                    var own = key is YamlTreeScalar scalar ? GoScalar.Of(scalar).AsText() : "";
                    if (key is YamlTreeScalar { Text: not "<<" } written)
                    {
                        Scalar(written, "", say);
                        if (!names.Add(own))
                        {
                            say(key, $"{own} is given twice: the last one counts");
                        }
                    }

                    Look(value, own, seen, say);
                }

                break;
            case YamlTreeList list:
                foreach (var item in list.Items)
                {
                    Look(item, name, seen, say);
                }

                break;
            case YamlTreeScalar scalar:
                Scalar(scalar, name, say);
                break;
        }
    }

    private static void Scalar(YamlTreeScalar scalar, string name, Action<YamlTreeNode, string> say)
    {
        if (!scalar.IsPlain || scalar.Tag.Length > 0)
        {
            return;
        }

        var read = GoScalar.Of(scalar);
        switch (read.Kind)
        {
            case GoScalarKind.Bool when scalar.Text is not ("true" or "false") && !Booleans.Contains(name):
                say(scalar, $"unquoted {scalar.Text} is read as {read.Text}: write \"{scalar.Text}\" where the text is meant");
                break;
            case GoScalarKind.Integer or GoScalarKind.Float when name.Equals("asNumber", StringComparison.OrdinalIgnoreCase) && read.Kind == GoScalarKind.Float:
                say(scalar, $"unquoted {scalar.Text} is read as a fraction: write \"{scalar.Text}\" for the dotted form of an AS number");
                break;
            case GoScalarKind.Integer or GoScalarKind.Float when read.AsText() != scalar.Text && !Numbers.Contains(name):
                say(scalar, $"unquoted {scalar.Text} is read as the number {read.AsText()}: write \"{scalar.Text}\" where the text is meant");
                break;
        }
    }
}
