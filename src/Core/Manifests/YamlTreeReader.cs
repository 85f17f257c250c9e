namespace CalicoConsole.Core.Manifests;

/// <summary>Reads the first document of a text into a tree, as calicoctl's go-yaml does. For one text only.</summary>
internal sealed class YamlTreeReader
{
    private const int MaxDepth = 64;

    private readonly YamlScanner _tokens;
    private readonly Dictionary<string, YamlTreeNode> _anchors = new(StringComparer.Ordinal);
    private readonly List<YamlTreeAlias> _aliases = [];

    private YamlTreeReader(string text) => _tokens = new YamlScanner(text);

    private YamlTokenKind Next => _tokens.Peek().Kind;

    /// <summary>The root of the first document, null when the text has none; where a further document begins, if one does.</summary>
    /// <exception cref="YamlFormatException">It is not YAML, too deep, or uses what calicoctl's parser refuses.</exception>
    public static (YamlTreeNode? Root, YamlMark? More) Read(string text)
    {
        Characters(text);
        var reader = new YamlTreeReader(text.StartsWith('\ufeff') ? text[1..] : text);
        if (reader.Next == YamlTokenKind.End)
        {
            return (null, null);
        }

        var explicitly = reader.Start(isFirst: true);
        var root = explicitly && reader.Next is YamlTokenKind.VersionDirective or YamlTokenKind.DocumentStart or YamlTokenKind.DocumentEnd or YamlTokenKind.End
            ? Nothing(reader._tokens.Peek().Mark)
            : reader.Node(0, block: true, indentless: false);
        foreach (var alias in reader._aliases)
        {
            alias.Resolve(reader._anchors);
        }

        while (reader.Next == YamlTokenKind.DocumentEnd)
        {
            reader._tokens.Take();
        }

        var next = reader._tokens.Peek();
        return (root, next.Kind != YamlTokenKind.End && reader.Start(isFirst: false) ? next.Mark : null);
    }

    // Directives and ---; only the first document may do without.
    private bool Start(bool isFirst)
    {
        var versions = 0;
        while (Next == YamlTokenKind.VersionDirective)
        {
            var version = _tokens.Take();
            if (++versions > 1 || version.Text != "1.1")
            {
                throw YamlFormatException.At(version.Mark, versions > 1 ? "found duplicate %YAML directive" : "found incompatible YAML document");
            }
        }

        if (Next == YamlTokenKind.DocumentStart)
        {
            _tokens.Take();
            return true;
        }

        return isFirst && versions == 0 ? false : throw Expected("did not find expected <document start>");
    }

    private YamlTreeNode Node(int depth, bool block, bool indentless)
    {
        var first = _tokens.Peek();
        if (depth > MaxDepth)
        {
            throw YamlFormatException.At(first.Mark, "it is nested too deeply");
        }

        if (first.Kind == YamlTokenKind.Alias)
        {
            _aliases.Add(new YamlTreeAlias(first.Mark, _tokens.Take().Text));
            return _aliases[^1];
        }

        var (anchor, tag) = Properties();
        var token = _tokens.Peek();
        YamlTreeNode node = token.Kind switch
        {
            YamlTokenKind.BlockEntry when indentless => BlockList(new YamlTreeList(token.Mark) { Tag = tag }, depth, isIndentless: true),
            YamlTokenKind.Scalar => new YamlTreeScalar(first.Mark, _tokens.Take().Text, token.IsPlain
                && tag.Length == 0)
            { Tag = tag, Comment = token.Comment },
            YamlTokenKind.FlowSequenceStart => FlowList(new YamlTreeList(_tokens.Take().Mark) { Tag = tag }, depth),
            YamlTokenKind.FlowMappingStart => FlowMap(new YamlTreeMap(_tokens.Take().Mark) { Tag = tag }, depth),
            YamlTokenKind.BlockSequenceStart when block => BlockList(new YamlTreeList(_tokens.Take().Mark) { Tag = tag }, depth, isIndentless: false),
            YamlTokenKind.BlockMappingStart when block => BlockMap(new YamlTreeMap(_tokens.Take().Mark) { Tag = tag }, depth),
            _ when anchor.Length > 0 || tag.Length > 0 => new YamlTreeScalar(first.Mark, "", tag.Length == 0) { Tag = tag, Anchor = anchor, IsMissing = true },
            _ => throw Expected("did not find expected node content"),
        };
        if (anchor.Length > 0)
        {
            _anchors[anchor] = node;
        }

        return node;
    }

    // An anchor and a tag, one of each at most, in either order.
    private (string Anchor, string Tag) Properties()
    {
        var (anchor, tag) = ("", "");
        for (var seen = YamlTokenKind.End; Next is YamlTokenKind.Anchor or YamlTokenKind.Tag && Next != seen && (anchor.Length == 0 || tag.Length == 0);)
        {
            var token = _tokens.Take();
            seen = token.Kind;
            if (token.Kind == YamlTokenKind.Anchor)
            {
                anchor = token.Text;
            }
            else
            {
                tag = token.Handle switch
                {
                    "" => token.Text,
                    "!" => "!" + token.Text,
                    "!!" => GoScalar.Core + token.Text,
                    _ => throw YamlFormatException.At(token.Mark, "found undefined tag handle"),
                };
            }
        }

        return (anchor, tag);
    }

    private YamlTreeList BlockList(YamlTreeList list, int depth, bool isIndentless)
    {
        while (Next == YamlTokenKind.BlockEntry)
        {
            var mark = _tokens.Take().Mark;
            var missing = Next is YamlTokenKind.BlockEntry or YamlTokenKind.BlockEnd || (isIndentless && Next is YamlTokenKind.Key or YamlTokenKind.Value);
            list.Items.Add(missing ? Nothing(mark) : Node(depth + 1, block: true, indentless: false));
        }

        if (!isIndentless)
        {
            _ = Next == YamlTokenKind.BlockEnd ? _tokens.Take() : throw Expected("did not find expected '-' indicator");
        }

        return list;
    }

    private YamlTreeMap BlockMap(YamlTreeMap map, int depth)
    {
        while (Next == YamlTokenKind.Key)
        {
            var key = BlockPart(depth, _tokens.Take().Mark);
            map.Members.Add((key, Next == YamlTokenKind.Value ? BlockPart(depth, _tokens.Take().Mark) : Nothing(_tokens.Peek().Mark)));
        }

        _ = Next == YamlTokenKind.BlockEnd ? _tokens.Take() : throw Expected("did not find expected key");
        return map;
    }

    private YamlTreeNode BlockPart(int depth, YamlMark mark) =>
        Next is YamlTokenKind.Key or YamlTokenKind.Value or YamlTokenKind.BlockEnd ? Nothing(mark) : Node(depth + 1, block: true, indentless: true);

    private YamlTreeList FlowList(YamlTreeList list, int depth)
    {
        while (Next != YamlTokenKind.FlowSequenceEnd)
        {
            if (list.Items.Count > 0)
            {
                Comma("did not find expected ',' or ']'");
            }

            if (Next == YamlTokenKind.Key)
            {
                list.Items.Add(Pair(depth + 1));
            }
            else if (Next != YamlTokenKind.FlowSequenceEnd)
            {
                list.Items.Add(Node(depth + 1, block: false, indentless: false));
            }
        }

        _tokens.Take();
        return list;
    }

    // A single pair within a list in brackets is a map of its own.
    private YamlTreeMap Pair(int depth)
    {
        var map = new YamlTreeMap(_tokens.Take().Mark);
        YamlTreeNode key;
        if (Next is YamlTokenKind.Value or YamlTokenKind.FlowEntry or YamlTokenKind.FlowSequenceEnd)
        {
            // go-yaml takes this token with the key that is missing.
            key = Nothing(_tokens.Take().Mark);
        }
        else
        {
            key = Node(depth + 1, block: false, indentless: false);
        }

        map.Members.Add((key, FlowValue(depth, YamlTokenKind.FlowSequenceEnd)));
        return map;
    }

    private YamlTreeMap FlowMap(YamlTreeMap map, int depth)
    {
        while (Next != YamlTokenKind.FlowMappingEnd)
        {
            if (map.Members.Count > 0)
            {
                Comma("did not find expected ',' or '}'");
            }

            if (Next == YamlTokenKind.Key)
            {
                var mark = _tokens.Take().Mark;
                var key = Next is YamlTokenKind.Value or YamlTokenKind.FlowEntry or YamlTokenKind.FlowMappingEnd
                    ? Nothing(mark) : Node(depth + 1, block: false, indentless: false);
                map.Members.Add((key, FlowValue(depth, YamlTokenKind.FlowMappingEnd)));
            }
            else if (Next != YamlTokenKind.FlowMappingEnd)
            {
                var key = Node(depth + 1, block: false, indentless: false);
                map.Members.Add((key, Nothing(_tokens.Peek().Mark)));
            }
        }

        _tokens.Take();
        return map;
    }

    private YamlTreeNode FlowValue(int depth, YamlTokenKind end)
    {
        var mark = _tokens.Peek().Mark;
        if (Next == YamlTokenKind.Value)
        {
            _tokens.Take();
            if (Next != YamlTokenKind.FlowEntry && Next != end)
            {
                return Node(depth + 1, block: false, indentless: false);
            }
        }

        return Nothing(mark);
    }

    private void Comma(string reason) => _ = Next == YamlTokenKind.FlowEntry ? _tokens.Take() : throw Expected(reason);

    private YamlFormatException Expected(string reason) => YamlFormatException.At(_tokens.Peek().Mark, reason);

    private static YamlTreeScalar Nothing(YamlMark mark) => new(mark, "", isPlain: true) { IsMissing = true };

    private static void Characters(string text)
    {
        var (line, column) = (1, 1);
        foreach (var c in text)
        {
            if (c is (< ' ' and not ('\t' or '\n' or '\r')) or '\x7f' or (> '\x7f' and < '\xa0' and not '\x85') or '\ufffe' or '\uffff')
            {
                throw new YamlFormatException("control characters are not allowed", line, column);
            }

            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        }
    }
}
