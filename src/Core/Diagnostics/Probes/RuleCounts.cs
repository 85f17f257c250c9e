using System.Globalization;

namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>A rule of the kernel's filter table with its count.</summary>
/// <param name="Chain">Its chain.</param>
/// <param name="Index">Its place in the chain, from 0.</param>
/// <param name="Packets">Packets that matched since it was written.</param>
/// <param name="Target">What it does: <c>DROP</c>, <c>ACCEPT</c>, a chain, ….</param>
/// <param name="Comment">Its comment; Felix writes what it is for.</param>
/// <param name="Text">The rule as iptables-save writes it, without the counters.</param>
public sealed record CountedRule(string Chain, int Index, long Packets, string Target, string Comment, string Text)
{
    /// <summary>Whether it drops or rejects.</summary>
    public bool Drops => Target is "DROP" or "REJECT";

    /// <summary>Whether it is in a chain of Felix.</summary>
    public bool IsFelix => Chain.StartsWith("cali", StringComparison.Ordinal);
}

/// <summary>The IPv4 filter table at one moment.</summary>
/// <param name="Rules">Its rules in order.</param>
/// <param name="Policies">What happens at the end of each built-in chain, with the packets that got there.</param>
public sealed record RuleCounts(ImmutableArray<CountedRule> Rules, ImmutableSortedDictionary<string, (string Policy, long Packets)> Policies)
{
    /// <summary>
    /// Rules that dropped at least <paramref name="packets"/> packets more than at an earlier moment. A table that was written anew in between says nothing:
    /// rules are compared by chain, place and text, and a count that fell is left out.
    /// </summary>
    public IEnumerable<(CountedRule Rule, long Grown)> DroppedSince(RuleCounts before, int packets)
    {
        ArgumentNullException.ThrowIfNull(before);
        var old = before.Rules.Where(r => r.Drops).ToDictionary(r => (r.Chain, r.Index, r.Text), r => r.Packets);
        return Rules.Where(r => r.Drops)
            .Select(r => (Rule: r, Grown: old.TryGetValue((r.Chain, r.Index, r.Text), out var was) ? r.Packets - was : 0))
            .Where(r => r.Grown >= packets);
    }

    /// <summary>By how much the default of a built-in chain dropped more than at an earlier moment; 0 where it does not drop.</summary>
    public long DefaultDropsSince(RuleCounts before, string chain)
    {
        ArgumentNullException.ThrowIfNull(before);
        return Policies.TryGetValue(chain, out var now) && now.Policy == "DROP" && before.Policies.TryGetValue(chain, out var was) && was.Policy == "DROP"
            ? now.Packets - was.Packets : 0;
    }
}

/// <summary>Reads the filter table with its counters in calico-node: its iptables is the one that Felix uses.</summary>
public sealed record RulesProbe : ExecProbe<RuleCounts>
{
    /// <inheritdoc/>
    public override string Name => "rules of the kernel";

    /// <inheritdoc/>
    public override ProbeVantage Vantage => ProbeVantage.CalicoNode;

    /// <inheritdoc/>
    public override string Reads => "the filter table with its counters";

    /// <inheritdoc/>
    public override ImmutableArray<string> Command => ["iptables-save", "-c", "-t", "filter"];

    /// <inheritdoc/>
    protected override Reading<RuleCounts> Understand(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var rules = ImmutableArray.CreateBuilder<CountedRule>();
        var policies = ImmutableSortedDictionary.CreateBuilder<string, (string, long)>(StringComparer.Ordinal);
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in output.Lines)
        {
            if (line.StartsWith(':') && line[1..].Split(' ') is [var chain, var policy and not "-", var counts, ..] && Packets(counts) is { } ended)
            {
                policies[chain] = (policy, ended);
            }
            else if (Rule(line, places) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return output.ExitCode == 0 && policies.Count > 0
            ? Reading.Known(new RuleCounts(rules.ToImmutable(), policies.ToImmutable()))
            : Reading.Unknown<RuleCounts>($"iptables-save gave no table: {Brief(output.Said)}");
    }

    // [3:252] -A cali-tw-cali1234 -m comment --comment "cali:abc" -m comment --comment "Drop if no profiles matched" -j DROP
    private static CountedRule? Rule(string line, Dictionary<string, int> places)
    {
        var end = line.IndexOf(']', StringComparison.Ordinal);
        if (!line.StartsWith('[') || end < 0 || Packets(line[..(end + 1)]) is not { } packets || !line[(end + 1)..].StartsWith(" -A ",
            StringComparison.Ordinal))
        {
            return null;
        }

        var text = line[(end + 2)..];
        var words = Words(text);
        var chain = words.Count > 1 ? words[1] : "";
        var index = places.GetValueOrDefault(chain);
        places[chain] = index + 1;
        var comments = words.Select((w, i) => (w, i)).Where(w => w.w == "--comment" && w.i + 1 < words.Count).Select(w => words[w.i + 1]);
        var target = words.FindIndex(w => w is "-j" or "-g");
        return new CountedRule(
            chain, index, packets, target >= 0 && target + 1 < words.Count ? words[target + 1] : "",
            comments.FirstOrDefault(c => !c.StartsWith("cali:", StringComparison.Ordinal)) ?? "", text);
    }

    private static long? Packets(string counts)
    {
        var colon = counts.IndexOf(':', StringComparison.Ordinal);
        return counts.StartsWith('[') && colon > 1 && long.TryParse(counts[1..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var packets)
            ? packets : null;
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted && i + 1 < text.Length:
                    word.Append(text[++i]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ' ' when !quoted:
                    words.Add(word.ToString());
                    word.Clear();
                    break;
                default:
                    word.Append(text[i]);
                    break;
            }
        }

        words.Add(word.ToString());
        return words;
    }
}
