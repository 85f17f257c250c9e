using System.Globalization;
using System.Text;
using CalicoConsole.Core.Model;

namespace CalicoConsole.Sandbox.Kernel;

/// <summary>What a rule does with a packet that meets it.</summary>
internal enum FilterAction
{
    /// <summary>Counts it, or writes it to the log, and goes on.</summary>
    GoOn,

    /// <summary>Lets it through this table.</summary>
    Accept,

    /// <summary>Drops it.</summary>
    Drop,

    /// <summary>Goes back to where the chain was called.</summary>
    Return,

    /// <summary>Changes its mark and goes on.</summary>
    Mark,

    /// <summary>Asks another chain and goes on here when that has no answer.</summary>
    Jump,

    /// <summary>Asks another chain instead of the rest of this one.</summary>
    GoTo,

    /// <summary>Replaces its source by the host's address.</summary>
    Masquerade,
}

/// <summary>
/// One rule of iptables, read from the text that iptables-restore takes: what it asks, what it does, and how iptables-save shows it. Knows what the
/// emulation of Felix writes for IPv4. Immutable.
/// </summary>
internal sealed class FilterRule
{
    private readonly ImmutableArray<Func<FilterPacket, uint, IReadOnlyDictionary<string, ImmutableArray<Cidr>>, bool>> _asks;
    private readonly (uint Value, uint Mask) _mark;

    private FilterRule(ReadRule read)
    {
        _asks = [.. read.Asks];
        _mark = read.Mark;
        (Action, Chain, Text) = (read.Action, read.Chain, read.Text);
    }

    /// <summary>What it does.</summary>
    public FilterAction Action { get; }

    /// <summary>The chain that it asks; empty unless it asks one.</summary>
    public string Chain { get; }

    /// <summary>The rule as iptables-save writes it, without <c>-A CHAIN</c>.</summary>
    public string Text { get; }

    /// <summary>Reads a rule, without <c>-A CHAIN</c>.</summary>
    /// <exception cref="FormatException">It has a word that is not known here.</exception>
    public static FilterRule Parse(string text) => new(new ReadRule(Words(text)));

    /// <summary>Whether a packet with a mark meets it.</summary>
    public bool Meets(FilterPacket packet, uint mark, IReadOnlyDictionary<string, ImmutableArray<Cidr>> sets)
    {
        foreach (var ask in _asks)
        {
            if (!ask(packet, mark, sets))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The mark that a packet has after it.</summary>
    public uint Marked(uint mark) => (mark & ~_mark.Mask) | _mark.Value;

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quoted = false;
        foreach (var c in text)
        {
            quoted ^= c == '"';
            if (c == ' ' && !quoted)
            {
                words.Add(word.ToString());
                word.Clear();
            }
            else
            {
                word.Append(c);
            }
        }

        words.Add(word.ToString());
        return words;
    }

    private sealed class ReadRule
    {
        // iptables shows addresses, interfaces and the protocol first, whatever the order in which they were given.
        private readonly SortedDictionary<int, string> _heads = [];
        private readonly StringBuilder _modules = new();
        private readonly List<string> _words;
        private string _target = "";
        private bool _not;
        private int _at;

        public ReadRule(List<string> words)
        {
            _words = words;
            while (_at < words.Count)
            {
                Read(Next());
            }

            Text = string.Concat(string.Concat(_heads.Values), _modules, _target).TrimEnd();
        }

        public List<Func<FilterPacket, uint, IReadOnlyDictionary<string, ImmutableArray<Cidr>>, bool>> Asks { get; } = [];

        public FilterAction Action { get; private set; }

        public string Chain { get; private set; } = "";

        public (uint Value, uint Mask) Mark { get; private set; }

        public string Text { get; }

        private void Read(string word)
        {
            switch (word)
            {
                case "!":
                    _not = true;
                    return;
                case "-m":
                    _modules.Append("-m ").Append(Next()).Append(' ');
                    return;
                case "-s" or "-d":
                    var (isSource, net) = (word == "-s", Cidr.Parse(Next()));
                    Head(isSource ? 0 : 1, word, net.ToString(), (p, _, _) => net.Contains(isSource ? p.Source : p.Destination));
                    break;
                case "-i" or "-o":
                    var (isIn, name) = (word == "-i", Next());
                    Head(isIn ? 2 : 3, word, name, (p, _, _) => IsNamed(isIn ? p.In : p.Out, name));
                    break;
                case "-p":
                    var (text, number) = Protocol(Next());
                    Head(4, word, text, (p, _, _) => p.Protocol == number);
                    break;
                case "--sports" or "--source-ports":
                    Ports("--sports", Next(), p => p.SourcePort);
                    break;
                case "--dports" or "--destination-ports":
                    Ports("--dports", Next(), p => p.DestinationPort);
                    break;
                case "--match-set":
                    var (set, isSrc) = (Next(), Next() == "src");
                    Module($"--match-set {set} {(isSrc ? "src" : "dst")}", (p, _, sets) => sets[set].Any(n => n.Contains(isSrc ? p.Source : p.Destination)));
                    break;
                case "--mark":
                    var bits = Next();
                    var (value, mask) = Bits(bits);
                    Module($"--mark {bits}", (_, mark, _) => (mark & mask) == value);
                    break;
                case "--ctstate":
                    var states = Next();
                    Module($"--ctstate {states}", (p, _, _) => states.Split(',').Contains(p.IsEstablished ? "ESTABLISHED" : "NEW", StringComparer.Ordinal));
                    break;
                case "--icmp-type":
                    Icmp(Next());
                    break;
                case "-j" or "-g":
                    Target(word, Next());
                    break;
                default:
                    throw new FormatException($"the sandbox knows no rule with '{word}'");
            }

            _not = false;
        }

        private string Next() => _at < _words.Count ? _words[_at++] : throw new FormatException("a rule ends in the middle of a word and its value");

        private void Ask(Func<FilterPacket, uint, IReadOnlyDictionary<string, ImmutableArray<Cidr>>, bool> ask)
        {
            var not = _not;
            Asks.Add((p, mark, sets) => ask(p, mark, sets) != not);
        }

        private void Head(int place, string option, string text, Func<FilterPacket, uint, IReadOnlyDictionary<string, ImmutableArray<Cidr>>, bool> ask)
        {
            _heads[place] = $"{(_not ? "! " : "")}{option} {text} ";
            Ask(ask);
        }

        private void Module(string text, Func<FilterPacket, uint, IReadOnlyDictionary<string, ImmutableArray<Cidr>>, bool> ask)
        {
            _modules.Append(_not ? "! " : "").Append(text).Append(' ');
            Ask(ask);
        }

        private void Ports(string option, string list, Func<FilterPacket, int?> port)
        {
            (int First, int Last)[] ranges = [.. list.Split(',').Select(r => r.Split(':')).Select(r => (Number(r[0]), Number(r[^1])))];
            Module($"{option} {list}", (p, _, _) => port(p) is { } has && ranges.Any(r => r.First <= has && has <= r.Last));
        }

        private void Icmp(string text)
        {
            var parts = text.Split('/');
            var (type, code) = (Number(parts[0]), parts.Length > 1 ? Number(parts[1]) : (int?)null);
            Module($"--icmp-type {text}", (p, _, _) => p.IcmpType == type && (code is null || p.IcmpCode == code));
        }

        private void Target(string option, string target)
        {
            Action = (option, target) switch
            {
                ("-g", _) => FilterAction.GoTo,
                (_, "ACCEPT") => FilterAction.Accept,
                (_, "DROP") => FilterAction.Drop,
                (_, "RETURN") => FilterAction.Return,
                (_, "MARK") => FilterAction.Mark,
                (_, "MASQUERADE") => FilterAction.Masquerade,
                (_, "LOG" or "CT") => FilterAction.GoOn,
                _ => FilterAction.Jump,
            };
            Chain = Action is FilterAction.Jump or FilterAction.GoTo ? target : "";
            var rest = string.Join(' ', _words.Skip(_at));
            _at = _words.Count;
            if (Action == FilterAction.Mark)
            {
                var bits = rest.Split(' ')[^1];
                Mark = Bits(bits);
                rest = $"--set-xmark {bits}";
            }

            _target = $"{option} {target} {rest}";
        }

        private static bool IsNamed(string name, string pattern) =>
            pattern.EndsWith('+') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

        private static (string Text, int Number) Protocol(string text) => text switch
        {
            "tcp" or "6" => ("tcp", 6),
            "udp" or "17" => ("udp", 17),
            "icmp" or "1" => ("icmp", 1),
            "sctp" or "132" => ("sctp", 132),
            "udplite" or "136" => ("udplite", 136),
            _ => (text, Number(text)),
        };

        private static (uint Value, uint Mask) Bits(string text) =>
            text.Split('/') is [var value, var mask] ? (Hex(value), Hex(mask)) : throw new FormatException($"'{text}' is no mark with its mask");

        private static uint Hex(string text) => uint.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

        private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
