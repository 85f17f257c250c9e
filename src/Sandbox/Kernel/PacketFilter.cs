using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Dataplane;

namespace CalicoConsole.Sandbox.Kernel;

/// <summary>
/// The IPv4 rules of a simulated host: packets are judged by the very tables that the emulation of Felix writes, rule by rule, and every rule counts what met
/// it. Thread-safe.
/// </summary>
internal sealed class PacketFilter
{
    private static readonly ImmutableArray<(string Table, string[] Chains)> BuiltIn =
    [
        ("raw", ["PREROUTING", "OUTPUT"]), ("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]),
        ("filter", ["INPUT", "FORWARD", "OUTPUT"]), ("nat", ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]),
    ];

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Table, string Chain), Chain> _chains = [];
    private Dictionary<string, ImmutableArray<Cidr>> _sets = new(StringComparer.Ordinal);

    /// <summary>A host on which Felix has not written yet.</summary>
    public PacketFilter()
    {
        foreach (var (table, chains) in BuiltIn)
        {
            foreach (var chain in chains)
            {
                _chains.Add((table, chain), new Chain([]));
            }
        }
    }

    /// <summary>Writes what Felix wants. A chain that stays as it is keeps its counts; one that changes is written anew and counts from 0.</summary>
    public void Program(FamilyDataplane wanted)
    {
        lock (_gate)
        {
            _sets = wanted.IpSets.ToDictionary(s => s.Name, s => s.Members.Select(m => Cidr.Parse(m.Contains('/', StringComparison.Ordinal) ? m : m + "/32"))
                .ToImmutableArray(), StringComparer.Ordinal);
            var own = new Dictionary<(string, string), ImmutableArray<string>>();
            foreach (var table in wanted.Tables)
            {
                var rules = table.Text.Split('\n').Where(l => l.StartsWith("-A ", StringComparison.Ordinal)).Select(l => l.Split(' ', 3))
                    .ToLookup(l => l[1], l => l[2], StringComparer.Ordinal);
                foreach (var chain in table.Chains)
                {
                    own[(table.Name, chain)] = [.. rules[chain]];
                }
            }

            foreach (var jumps in wanted.TopJumps.GroupBy(j => (j.Table, j.Chain)))
            {
                own[jumps.Key] = [.. jumps.Select(j => $"-j {j.Target}")];
            }

            foreach (var gone in _chains.Keys.Where(k => !own.ContainsKey(k) && !IsBuiltIn(k)).ToArray())
            {
                _chains.Remove(gone);
            }

            foreach (var (key, rules) in own)
            {
                if (!_chains.TryGetValue(key, out var old) || !old.Written.SequenceEqual(rules, StringComparer.Ordinal))
                {
                    _chains[key] = new Chain(rules) { Packets = old?.Packets ?? 0, Bytes = old?.Bytes ?? 0 };
                }
            }
        }
    }

    /// <summary>Sends a packet through the host's rules; what leaves them, with the source that it then has, or null when they drop it.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="address">The host's address, which takes the source's place where the rules masquerade.</param>
    public FilterPacket? Send(FilterPacket packet, Ip address)
    {
        lock (_gate)
        {
            (string, string)[] way = packet.In.Length == 0 ? [("raw", "OUTPUT"), ("mangle", "OUTPUT"), ("filter", "OUTPUT"), ("mangle", "POSTROUTING")]
                : [("raw", "PREROUTING"), ("mangle", "PREROUTING"),
                    .. packet.Out.Length == 0 ? [("mangle", "INPUT"), ("filter", "INPUT")]
                        : new[] { ("mangle", "FORWARD"), ("filter", "FORWARD"), ("mangle", "POSTROUTING") }];
            uint mark = 0;
            foreach (var (table, chain) in way)
            {
                if (Ask(table, chain, packet, ref mark) == FilterAction.Drop)
                {
                    return null;
                }
            }

            // Only the first packet of a connection is looked at here; the others follow it.
            return packet is { IsEstablished: false, Out.Length: > 0 } && Ask("nat", "POSTROUTING", packet, ref mark) == FilterAction.Masquerade
                ? packet with { Source = address } : packet;
        }
    }

    /// <summary>The tables as <c>iptables-save -c</c> shows them.</summary>
    /// <param name="only">One table; null for all.</param>
    public ImmutableArray<string> Save(string? only)
    {
        lock (_gate)
        {
            var lines = ImmutableArray.CreateBuilder<string>();
            foreach (var (table, builtIn) in BuiltIn.Where(t => only is null || t.Table == only))
            {
                lines.Add($"*{table}");
                string[] chains =
                    [.. builtIn, .. _chains.Keys.Where(k => k.Table == table && !IsBuiltIn(k)).Select(k => k.Chain).Order(StringComparer.Ordinal)];
                lines.AddRange(chains.Select(c => _chains[(table, c)] is var chain && builtIn.Contains(c, StringComparer.Ordinal)
                    ? $":{c} ACCEPT {Count(chain.Packets, chain.Bytes)}" : $":{c} - [0:0]"));
                foreach (var name in chains)
                {
                    var chain = _chains[(table, name)];
                    lines.AddRange(chain.Rules.Select((r, i) => $"{Count(chain.Counts[i].Packets, chain.Counts[i].Bytes)} -A {name} {r.Text}"));
                }

                lines.Add("COMMIT");
            }

            return lines.ToImmutable();
        }
    }

    private static string Count(long packets, long bytes) => string.Create(CultureInfo.InvariantCulture, $"[{packets}:{bytes}]");

    private static bool IsBuiltIn((string Table, string Chain) key) => key.Chain.All(char.IsAsciiLetterUpper);

    // What the chain says; Return when it has no answer. Felix's chains do not call each other in circles.
    private FilterAction Ask(string table, string name, FilterPacket packet, ref uint mark)
    {
        var chain = _chains[(table, name)];
        for (var i = 0; i < chain.Rules.Length; i++)
        {
            var rule = chain.Rules[i];
            if (!rule.Meets(packet, mark, _sets))
            {
                continue;
            }

            chain.Counts[i] = (chain.Counts[i].Packets + 1, chain.Counts[i].Bytes + packet.Bytes);
            switch (rule.Action)
            {
                case FilterAction.Mark:
                    mark = rule.Marked(mark);
                    break;
                case FilterAction.Jump when Ask(table, rule.Chain, packet, ref mark) is not FilterAction.Return and var answer:
                    return answer;
                case FilterAction.GoTo when Ask(table, rule.Chain, packet, ref mark) is not FilterAction.Return and var answer:
                    return answer;
                case FilterAction.GoTo or FilterAction.Return when IsBuiltIn((table, name)):
                    return Ended(chain, packet);
                case FilterAction.GoTo or FilterAction.Return:
                    return FilterAction.Return;
                case FilterAction.Accept or FilterAction.Drop or FilterAction.Masquerade:
                    return rule.Action;
                case FilterAction.GoOn or FilterAction.Jump:
                    break;
                default:
                    throw new InvalidOperationException($"no such action: {rule.Action}");
            }
        }

        return IsBuiltIn((table, name)) ? Ended(chain, packet) : FilterAction.Return;
    }

    // A packet that reaches the end of one of the kernel's own chains is let through.
    private static FilterAction Ended(Chain chain, FilterPacket packet)
    {
        (chain.Packets, chain.Bytes) = (chain.Packets + 1, chain.Bytes + packet.Bytes);
        return FilterAction.Accept;
    }

    private sealed class Chain(ImmutableArray<string> written)
    {
        public ImmutableArray<string> Written { get; } = written;

        public ImmutableArray<FilterRule> Rules { get; } = [.. written.Select(FilterRule.Parse)];

        public (long Packets, long Bytes)[] Counts { get; } = new (long, long)[written.Length];

        public long Packets { get; set; }

        public long Bytes { get; set; }
    }
}
