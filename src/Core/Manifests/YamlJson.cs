using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CalicoConsole.Core.Manifests;

/// <summary>
/// A YAML tree as JSON, as calicoctl makes it before it reads its fields: scalars by YAML 1.1, aliases and merges written out, of a name
/// that is given twice the last one. A float keeps a point or an exponent, so that whoever wants a text can tell it from a whole number. Pure.
/// </summary>
internal sealed class YamlJson(YamlBudget budget, int nodes)
{
    private const int MaxLength = 1 << 20;

    private readonly StringBuilder _json = new();
    private readonly HashSet<string> _within = new(StringComparer.Ordinal);
    private int _written;

    /// <summary>The JSON text.</summary>
    /// <param name="root">The root of the document.</param>
    /// <param name="budget">What aliases may still write out, of all documents together.</param>
    /// <exception cref="YamlFormatException">It holds what JSON cannot, or aliases blow it up.</exception>
    public static string Write(YamlTreeNode root, YamlBudget budget)
    {
        var json = new YamlJson(budget, Count(root));
        json.Write(root, 0);
        return json._json.ToString();
    }

    /// <summary>
    /// Where a field stands, given its path such as <c>spec.ingress[0].action</c>: its name, or the nearest thing around it that the text has.
    /// </summary>
    public static YamlTreeNode Locate(YamlTreeNode root, string path)
    {
        var (at, found) = (root.Real, root);
        var rest = path.AsSpan();
        while (rest.Length > 0)
        {
            rest = rest.TrimStart('.');
            if (at is YamlTreeList list && rest.Length > 1 && rest[0] == '[' && rest.IndexOf(']') is var close and > 1
                && int.TryParse(rest[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count)
            {
                found = list.Items[index];
                at = found.Real;
                rest = rest[(close + 1)..];
            }
            else if (at is YamlTreeMap map && Member(map, rest) is { } member)
            {
                (found, at) = (member.Key, member.Value.Real);
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
    /// <exception cref="YamlFormatException">It is no name.</exception>
    public static string Name(YamlTreeNode key)
    {
        if (key.Real is not YamlTreeScalar scalar)
        {
            throw At(key, "a name must be a text and not a list or a map");
        }

        var read = GoScalar.From(scalar);
        return read switch
        {
            { Kind: GoScalarKind.Null } => throw At(key, "Unsupported map key of type: nil (a name is missing)"),
            { IsBeyondInt: true } => throw At(key, $"Unsupported map key of type: uint64, key: {read.Text} (put it in quotes)"),
            { Kind: GoScalarKind.Float } when !double.IsFinite(read.Number) => double.IsNaN(read.Number) ? ".nan" : read.Number > 0 ? ".inf" : "-.inf",
            _ => read.AsText(),
        };
    }

    // Names may hold dots and brackets, so the longest one that fits is meant; the case does not matter where no other fits.
    private static (YamlTreeNode Key, YamlTreeNode Value, int Length)? Member(YamlTreeMap map, ReadOnlySpan<char> path)
    {
        (YamlTreeNode, YamlTreeNode, int)? best = null;
        var (length, exact) = (0, false);
        foreach (var (key, value) in map.Members)
        {
            if (key.Real is not YamlTreeScalar scalar || GoScalar.From(scalar).AsText() is not { Length: > 0 } name
                || !path.StartsWith(name, StringComparison.OrdinalIgnoreCase)
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
        if (depth > 128 || _json.Length > MaxLength || (++_written > nodes && !budget.Spend(1)))
        {
            throw At(node, "it is nested too deeply or is too large when its aliases are written out");
        }

        switch (node)
        {
            case YamlTreeAlias alias:
                Enter(alias);
                Write(alias.Real, depth + 1);
                _within.Remove(alias.Name);
                break;
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
                var scalar = GoScalar.From((YamlTreeScalar)node);
                if (_written > nodes && !budget.Spend(scalar.Text.Length / 64))
                {
                    throw At(node, "it is too large when its aliases are written out");
                }

                _json.Append(scalar.Kind switch
                {
                    GoScalarKind.Null => "null",
                    GoScalarKind.Bool or GoScalarKind.Integer => scalar.Text,
                    GoScalarKind.Float => double.IsFinite(scalar.Number)
                        ? Float(scalar.Number) : throw At(node, $"json: unsupported value: {scalar.AsText()} (put it in quotes where a text is meant)"),
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
            if (key is YamlTreeScalar { Text: "<<" } merge && (merge.IsPlain || merge.Tag == GoScalar.Core + "merge"))
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
        if (depth > 32 || !budget.Spend(1))
        {
            throw At(value, "merges are nested too deeply");
        }

        switch (value)
        {
            case YamlTreeMap map:
                foreach (var (name, member) in Members(map, depth + 1))
                {
                    members[name] = budget.Spend(1) ? member : throw At(value, "it is too large when its aliases are written out");
                }

                break;
            case YamlTreeAlias { Real: YamlTreeMap } alias:
                Enter(alias);
                Merge(members, alias.Real, depth + 1);
                _within.Remove(alias.Name);
                break;
            case YamlTreeList list when list.Items.TrueForAll(i => i.Real is YamlTreeMap):
                for (var i = list.Items.Count - 1; i >= 0; i--)
                {
                    Merge(members, list.Items[i], depth + 1);
                }

                break;
            default:
                throw At(value, "map merge requires map or sequence of maps as the value");
        }
    }

    private static int Count(YamlTreeNode node) => 1 + node switch
    {
        YamlTreeMap map => map.Members.Sum(m => Count(m.Key) + Count(m.Value)),
        YamlTreeList list => list.Items.Sum(Count),
        _ => 0,
    };

    private void Enter(YamlTreeAlias alias)
    {
        if (!_within.Add(alias.Name))
        {
            throw At(alias, $"anchor '{alias.Name}' value contains itself");
        }
    }

    private static string Float(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(Encoding.UTF8.GetBytes(text))}\"";

    private static YamlFormatException At(YamlTreeNode node, string reason) => new(reason, node.Line, node.Column);
}
