using System.Globalization;
using System.Text;
using System.Text.Json;
using YamlDotNet.Core;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// A YAML tree as JSON, as calicoctl makes it before it reads its fields: scalars by YAML 1.1, aliases and merges written out, of a name
/// that is given twice the last one. A float keeps a point or an exponent, so that whoever wants a text can tell it from a whole number. Pure.
/// </summary>
internal sealed class YamlJson
{
    private const int MaxNodes = 100_000;
    private const int MaxLength = 1 << 20;

    private readonly StringBuilder _json = new();
    private int _nodes;

    /// <summary>The JSON text.</summary>
    /// <exception cref="YamlException">It holds what JSON cannot, or aliases blow it up.</exception>
    public static string Of(YamlTreeNode root)
    {
        var json = new YamlJson();
        json.Write(root, 0);
        return json._json.ToString();
    }

    /// <summary>Where a field stands, given its path such as <c>spec.ingress[0].action</c>: its name, or the nearest thing around it that the text has.</summary>
    public static YamlTreeNode Locate(YamlTreeNode root, string path)
    {
        var (at, found) = (root, root);
        var rest = path.AsSpan();
        while (rest.Length > 0)
        {
            rest = rest.TrimStart('.');
            if (at is YamlTreeList list && rest.Length > 1 && rest[0] == '[' && rest.IndexOf(']') is var close and > 1
                && int.TryParse(rest[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count)
            {
                at = found = list.Items[index];
                rest = rest[(close + 1)..];
            }
            else if (at is YamlTreeMap map && Member(map, rest) is { } member)
            {
                (found, at) = (member.Key, member.Value);
                rest = rest[member.Length..];
            }
            else
            {
                break;
            }
        }

        return found;
    }

    /// <summary>The name of a member as calicoctl reads it.</summary>
    /// <exception cref="YamlException">It is no name.</exception>
    public static string Name(YamlTreeNode key)
    {
        if (key is not YamlTreeScalar scalar)
        {
            throw At(key, "a name must be a text and not a list or a map");
        }

        var read = GoScalar.Of(scalar);
        return read.Kind == GoScalarKind.Null ? throw At(key, "Unsupported map key of type: nil (a name is missing)") : read.AsText();
    }

    // Names may hold dots and brackets, so the longest one that fits is meant; the case does not matter where no other fits.
    private static (YamlTreeNode Key, YamlTreeNode Value, int Length)? Member(YamlTreeMap map, ReadOnlySpan<char> path)
    {
        (YamlTreeNode, YamlTreeNode, int)? best = null;
        var (length, exact) = (0, false);
        foreach (var (key, value) in map.Members)
        {
            if (key is not YamlTreeScalar scalar || GoScalar.Of(scalar).AsText() is not { Length: > 0 } name || !path.StartsWith(name, StringComparison.OrdinalIgnoreCase)
                || (path.Length > name.Length && path[name.Length] is not ('.' or '[')))
            {
                continue;
            }

            var same = path.StartsWith(name, StringComparison.Ordinal);
            if (name.Length > length || (name.Length == length && (same || !exact)))
            {
                (best, length, exact) = ((key, value, name.Length), name.Length, same);
            }
        }

        return best;
    }

    private void Write(YamlTreeNode node, int depth)
    {
        // A tree is shallow, but what aliases write out is not bounded by the text.
        if (depth > 128 || ++_nodes > MaxNodes || _json.Length > MaxLength)
        {
            throw At(node, "it is nested too deeply or is too large when its aliases are written out");
        }

        switch (node)
        {
            case YamlTreeMap map:
                _json.Append('{');
                var first = true;
                foreach (var (name, value) in Members(map, 0))
                {
                    _json.Append(first ? "" : ",").Append(Quoted(name)).Append(':');
                    Write(value, depth + 1);
                    first = false;
                }

                _json.Append('}');
                break;
            case YamlTreeList list:
                _json.Append('[');
                for (var i = 0; i < list.Items.Count; i++)
                {
                    _json.Append(i == 0 ? "" : ",");
                    Write(list.Items[i], depth + 1);
                }

                _json.Append(']');
                break;
            default:
                var scalar = GoScalar.Of((YamlTreeScalar)node);
                _json.Append(scalar.Kind switch
                {
                    GoScalarKind.Null => "null",
                    GoScalarKind.Bool or GoScalarKind.Integer => scalar.Text,
                    GoScalarKind.Float => Float(scalar.Number),
                    _ => Quoted(scalar.Text),
                });
                break;
        }
    }

    private Dictionary<string, YamlTreeNode> Members(YamlTreeMap map, int depth)
    {
        var members = new Dictionary<string, YamlTreeNode>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Members)
        {
            if (key is YamlTreeScalar { Text: "<<", IsPlain: true, Tag: "" })
            {
                Merge(members, value, depth);
            }
            else
            {
                members[Name(key)] = value;
            }
        }

        return members;
    }

    // go-yaml takes merges in the order in which they stand among the members, and of a list the last one first.
    private void Merge(Dictionary<string, YamlTreeNode> members, YamlTreeNode value, int depth)
    {
        if (depth > 32 || ++_nodes > MaxNodes)
        {
            throw At(value, "merges are nested too deeply");
        }

        switch (value)
        {
            case YamlTreeMap map:
                foreach (var (name, member) in Members(map, depth + 1))
                {
                    _nodes++;
                    members[name] = member;
                }

                break;
            case YamlTreeList list when list.Items.TrueForAll(i => i is YamlTreeMap):
                for (var i = list.Items.Count - 1; i >= 0; i--)
                {
                    Merge(members, list.Items[i], depth + 1);
                }

                break;
            default:
                throw At(value, "map merge requires map or sequence of maps as the value");
        }
    }

    private static string Float(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text))}\"";

    private static YamlException At(YamlTreeNode node, string reason)
    {
        var mark = new Mark(0, node.Line, node.Column);
        return new YamlException(mark, mark, reason);
    }
}
