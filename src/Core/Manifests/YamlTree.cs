using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CalicoConsole.Core.Manifests;

/// <summary>A node of a YAML document with where it stands. Aliases point to the node that they name; nothing points to what it is in.</summary>
internal abstract class YamlTreeNode(Mark start)
{
    /// <summary>Line of the document, from 1.</summary>
    public int Line { get; } = (int)start.Line;

    /// <summary>Column, from 1.</summary>
    public int Column { get; } = (int)start.Column;
}

/// <summary>A scalar as written.</summary>
internal sealed class YamlTreeScalar(Scalar scalar) : YamlTreeNode(scalar.Start)
{
    public string Text { get; } = scalar.Value;

    /// <summary>Whether it is plain, so that YAML 1.1 may take it for something else than a text.</summary>
    public bool IsPlain { get; } = scalar.Style == ScalarStyle.Plain;

    /// <summary>Its explicit tag; empty when there is none.</summary>
    public string Tag { get; } = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value;
}

/// <summary>A mapping, repeats included, in the order written.</summary>
internal sealed class YamlTreeMap(Mark start) : YamlTreeNode(start)
{
    public List<(YamlTreeNode Key, YamlTreeNode Value)> Members { get; } = [];
}

/// <summary>A sequence.</summary>
internal sealed class YamlTreeList(Mark start) : YamlTreeNode(start)
{
    public List<YamlTreeNode> Items { get; } = [];
}

/// <summary>Reads the first document of a text into a tree, as strictly as calicoctl's go-yaml where that is stricter than YamlDotNet. For one text only.</summary>
internal sealed class YamlTreeReader
{
    private const int MaxDepth = 64;

    private readonly Parser _parser;
    private readonly Dictionary<string, YamlTreeNode?> _anchors = new(StringComparer.Ordinal);

    private YamlTreeReader(string text) => _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>The root of the first document, null when the text has none; where a further document begins, if one does.</summary>
    /// <exception cref="YamlException">It is not YAML, too deep, or uses what calicoctl's parser refuses.</exception>
    public static (YamlTreeNode? Root, Mark? More) Read(string text)
    {
        Characters(text);
        try
        {
            var reader = new YamlTreeReader(text);
            reader._parser.Consume<StreamStart>();
            if (reader._parser.TryConsume<StreamEnd>(out _))
            {
                return (null, null);
            }

            reader._parser.Consume<DocumentStart>();
            var root = reader.Node(0, false);
            reader._parser.Consume<DocumentEnd>();
            return (root, Rest(reader._parser));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or OverflowException or FormatException or IndexOutOfRangeException)
        {
            // The scanner's own slips on garbage are the garbage's fault.
            throw new YamlException(Mark.Empty, Mark.Empty, e.Message, e);
        }
    }

    private static Mark? Rest(Parser parser)
    {
        try
        {
            return parser.TryConsume<DocumentStart>(out var next) ? next.Start : null;
        }
        catch (YamlException e)
        {
            // go-yaml reads the first document alone and never sees what is wrong behind it.
            return e.Start;
        }
    }

    private YamlTreeNode Node(int depth, bool flow)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value.Value, out var known)
                ? known ?? throw new YamlException(alias.Start, alias.End, $"anchor '{alias.Value.Value}' value contains itself")
                : throw new YamlException(alias.Start, alias.End, $"unknown anchor '{alias.Value.Value}' referenced");
        }

        var node = _parser.Consume<NodeEvent>();
        if (depth > MaxDepth)
        {
            throw new YamlException(node.Start, node.End, "it is nested too deeply");
        }

        var anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        if (anchor is not null)
        {
            _anchors[anchor] = null;
        }

        YamlTreeNode read = node switch
        {
            MappingStart map => Map(map, depth, flow || map.Style == MappingStyle.Flow),
            SequenceStart list => List(list, depth, flow || list.Style == SequenceStyle.Flow),
            _ => Scalar((Scalar)node, flow),
        };
        if (anchor is not null)
        {
            _anchors[anchor] = read;
        }

        return read;
    }

    private YamlTreeMap Map(MappingStart start, int depth, bool flow)
    {
        var map = new YamlTreeMap(start.Start);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            map.Members.Add((Node(depth + 1, flow), Node(depth + 1, flow)));
        }

        return map;
    }

    private YamlTreeList List(SequenceStart start, int depth, bool flow)
    {
        var list = new YamlTreeList(start.Start);
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            list.Items.Add(Node(depth + 1, flow));
        }

        return list;
    }

    private static YamlTreeScalar Scalar(Scalar scalar, bool flow)
    {
        // libyaml of calicoctl's time ends here; YAML 1.2 and YamlDotNet would take it (reference §1.1).
        if (flow && scalar.Style == ScalarStyle.Plain && scalar.Value.Contains(':', StringComparison.Ordinal))
        {
            throw new YamlException(scalar.Start, scalar.End, $"found unexpected ':' (in a list or map in brackets, {scalar.Value} needs quotes: \"{scalar.Value}\")");
        }

        return new YamlTreeScalar(scalar);
    }

    private static void Characters(string text)
    {
        var (line, column) = (1, 1);
        foreach (var c in text)
        {
            if (c is (< ' ' and not ('\t' or '\n' or '\r')) or '\x7f' or (> '\x7f' and < '\xa0' and not '\x85') or '\ufffe' or '\uffff')
            {
                var mark = new Mark(0, line, column);
                throw new YamlException(mark, mark, "control characters are not allowed");
            }

            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        }
    }
}
