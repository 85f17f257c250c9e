using System.Collections.Frozen;
using System.Globalization;

namespace CalicoConsole.Core.Counters;

/// <summary>The chains of policies and profiles in one host's kernel, with what their rules counted.</summary>
public sealed class ChainCounts
{
    private readonly FrozenDictionary<(string Table, string Chain), ImmutableArray<KernelRule>> _chains;

    private ChainCounts(FrozenDictionary<(string Table, string Chain), ImmutableArray<KernelRule>> chains) => _chains = chains;

    /// <summary>The chains that there are, by table and name.</summary>
    public IEnumerable<(string Table, string Chain)> Chains => _chains.Keys;

    /// <summary>The rules of a chain in order; null where the table has no such chain.</summary>
    public ImmutableArray<KernelRule>? Rules(string table, string chain) => _chains.TryGetValue((table, chain), out var rules) ? rules : null;

    /// <summary>
    /// Reads what <c>iptables-save -c</c> wrote. Null when that is no whole answer: no table, one that was not ended, or a rule without counters.
    /// </summary>
    public static ChainCounts? Parse(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var chains = new Dictionary<(string, string), ImmutableArray<KernelRule>.Builder>();
        var names = new Dictionary<string, ImmutableArray<KernelRule>.Builder>(StringComparer.Ordinal);
        var byName = names.GetAlternateLookup<ReadOnlySpan<char>>();
        var (table, ended) = ("", false);
        foreach (var line in lines)
        {
            if (line.StartsWith('*'))
            {
                if (table.Length > 0)
                {
                    return null;
                }

                table = line[1..].Trim();
            }
            else if (line.StartsWith(":cali-p", StringComparison.Ordinal))
            {
                var name = line[1..Math.Max(1, line.IndexOf(' ', StringComparison.Ordinal))];
                names[name] = chains[(table, name)] = ImmutableArray.CreateBuilder<KernelRule>();
            }
            else if (line == "COMMIT")
            {
                (table, ended) = ("", true);
                names.Clear();
            }
            else if (line.Contains("-A cali-p", StringComparison.Ordinal) && !Add(line, byName))
            {
                return null;
            }
        }

        return ended && table.Length == 0 ? new ChainCounts(chains.ToFrozenDictionary(c => c.Key, c => c.Value.ToImmutable())) : null;
    }

    // [3:252] -A cali-pri-web -s 10.0.0.0/8 -p tcp -m comment --comment "cali:abc" -m multiport --dports 80 -j MARK --set-xmark 0x1000000/0x1000000
    private static bool Add(ReadOnlySpan<char> line, Dictionary<string, ImmutableArray<KernelRule>.Builder>.AlternateLookup<ReadOnlySpan<char>> chains)
    {
        const string Append = "] -A ";
        var (colon, end) = (line.IndexOf(':'), line.IndexOf(Append));
        if (line[0] != '[' || colon < 1 || end < colon || !Number(line[1..colon], out var packets) || !Number(line[(colon + 1)..end], out var bytes))
        {
            return false;
        }

        var rest = line[(end + Append.Length)..];
        var blank = rest.IndexOf(' ');
        if (blank < 0 || !chains.TryGetValue(rest[..blank], out var rules))
        {
            return false;
        }

        rules.Add(new KernelRule(new Hits(packets, bytes), Shape(rest[(blank + 1)..])));
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static RuleShape Shape(ReadOnlySpan<char> text)
    {
        var shape = new RuleShape("");
        var words = new Words(text);
        var not = false;
        while (words.Next(out var word))
        {
            switch (word)
            {
                case "!":
                    not = true;
                    continue;
                case "-j" or "-g" when words.Next(out var target):
                    // What follows belongs to the target, and may be somebody's words.
                    return shape with { Target = target.ToString() };
                case "-p" when words.Next(out var protocol) && !not && protocol is "tcp" or "udp" or "icmp":
                    shape = shape with { Protocol = protocol.ToString() };
                    break;
                case "--sports" when words.Next(out var ports) && !not:
                    shape = shape with { SourcePorts = ports.ToString() };
                    break;
                case "--dports" when words.Next(out var ports) && !not:
                    shape = shape with { DestinationPorts = ports.ToString() };
                    break;
                case "--match-set" when words.Next(out _) && words.Next(out var side):
                    shape = side is "src" ? shape with { SourceSet = true } : shape with { DestinationSet = true };
                    break;
                case "--comment":
                    words.Next(out _);
                    break;
                default:
                    break;
            }

            not = false;
        }

        return shape;
    }

    /// <summary>Words between blanks; a quoted one is one word.</summary>
    private ref struct Words(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public bool Next(out ReadOnlySpan<char> word)
        {
            _rest = _rest.TrimStart(' ');
            var at = 0;
            for (var quoted = false; at < _rest.Length && (quoted || _rest[at] != ' '); at++)
            {
                if (_rest[at] == '\\')
                {
                    at++;
                }
                else if (_rest[at] == '"')
                {
                    quoted = !quoted;
                }
            }

            at = Math.Min(at, _rest.Length);
            word = _rest[..at];
            _rest = _rest[at..];
            return word.Length > 0;
        }
    }
}
