using System.Text;

namespace CalicoConsole.NodeEmulation.Dataplane;

/// <summary>Collects the chains of one table in order of their making. Not safe for concurrent use.</summary>
internal sealed class ChainTable(string name)
{
    private readonly List<(string Name, ImmutableArray<string> Rules)> _chains = [];

    /// <summary>Adds a chain with its rules, each without <c>-A CHAIN</c>.</summary>
    public void Add(string chain, params ImmutableArray<string> rules) => _chains.Add((chain, rules));

    /// <summary>The table as text and names.</summary>
    public RuleTable Build()
    {
        var text = new StringBuilder("*").Append(name).Append('\n');
        foreach (var (chain, _) in _chains)
        {
            text.Append(':').Append(chain).Append(" - [0:0]\n");
        }

        foreach (var (chain, rules) in _chains)
        {
            foreach (var rule in rules)
            {
                text.Append("-A ").Append(chain).Append(' ').Append(rule).Append('\n');
            }
        }

        return new RuleTable(name, text.Append("COMMIT\n").ToString(), [.. _chains.Select(c => c.Name)]);
    }
}
