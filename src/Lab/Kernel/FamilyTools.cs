using System.Text;
using CalicoConsole.NodeEmulation.Dataplane;

namespace CalicoConsole.Lab.Kernel;

/// <summary>Sets and tables of one family, by <c>ipset</c> and <c>iptables</c> or <c>ip6tables</c>. Not safe for concurrent use.</summary>
internal sealed class FamilyTools(bool isIPv6)
{
    private (string Rules, ImmutableArray<IpSet> Sets)? _applied;

    /// <summary>Whether it is IPv6's.</summary>
    public bool IsIPv6 => isIPv6;

    private string Tool => isIPv6 ? "ip6tables" : "iptables";

    private string SetPrefix => isIPv6 ? "cali6-" : "cali4-";

    private string Spare => SetPrefix + "lab-spare";

    /// <summary>Makes the kernel hold them: sets, then rules that name them, then jumps; at last what is no longer wanted goes.</summary>
    /// <exception cref="CommandException">A tool refused rules or sets; the kernel keeps its old ones.</exception>
    public async Task ApplyAsync(FamilyDataplane wanted, bool verify, CancellationToken cancellationToken)
    {
        var rules = string.Concat(wanted.Tables.Select(t => t.Text));
        if (!verify && _applied is { } applied && applied.Rules == rules && SameSets(applied.Sets, wanted.IpSets))
        {
            return;
        }

        _applied = null;
        await SetsAsync(wanted.IpSets, cancellationToken).ConfigureAwait(false);
        // One call for all tables: each is replaced whole, and a process for each would take its time.
        await RestoreAsync(rules, cancellationToken).ConfigureAwait(false);
        foreach (var jump in wanted.TopJumps)
        {
            await JumpAsync(jump, cancellationToken).ConfigureAwait(false);
        }

        foreach (var table in wanted.Tables)
        {
            await RemoveChainsAsync(table, cancellationToken).ConfigureAwait(false);
        }

        await RemoveSetsAsync(wanted.IpSets, cancellationToken).ConfigureAwait(false);
        _applied = (rules, wanted.IpSets);
    }

    private static bool SameSets(ImmutableArray<IpSet> left, ImmutableArray<IpSet> right) =>
        left.Length == right.Length
        && left.Zip(right).All(pair => pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type
            && pair.First.Members.SequenceEqual(pair.Second.Members));

    // A spare set is filled and swapped in, so that the rules never see a half-filled one.
    private async Task SetsAsync(ImmutableArray<IpSet> sets, CancellationToken cancellationToken)
    {
        var family = isIPv6 ? "inet6" : "inet";
        var script = new StringBuilder();
        foreach (var set in sets)
        {
            script.Append("create ").Append(set.Name).Append(' ').Append(set.Type).Append(" family ").Append(family).Append(" maxelem 1048576\n");
            script.Append("create ").Append(Spare).Append(' ').Append(set.Type).Append(" family ").Append(family).Append(" maxelem 1048576\n");
            script.Append("flush ").Append(Spare).Append('\n');
            foreach (var member in set.Members)
            {
                script.Append("add ").Append(Spare).Append(' ').Append(member).Append('\n');
            }

            script.Append("swap ").Append(Spare).Append(' ').Append(set.Name).Append("\ndestroy ").Append(Spare).Append('\n');
        }

        if (script.Length > 0)
        {
            (await Command.RunAsync("ipset", ["-exist", "restore"], script.ToString(), cancellationToken).ConfigureAwait(false)).Demand();
        }
    }

    private async Task RestoreAsync(string tables, CancellationToken cancellationToken) =>
        (await Command.RunAsync(Tool + "-restore", ["--wait", "--noflush"], tables, cancellationToken).ConfigureAwait(false)).Demand();

    private async Task JumpAsync(TopJump jump, CancellationToken cancellationToken)
    {
        var check = await Command.RunAsync(Tool, ["--wait", "-t", jump.Table, "-C", jump.Chain, "-j", jump.Target], cancellationToken).ConfigureAwait(false);
        if (check.ExitCode != 0)
        {
            (await Command.RunAsync(Tool, ["--wait", "-t", jump.Table, "-I", jump.Chain, "-j", jump.Target], cancellationToken).ConfigureAwait(false)).Demand();
        }
    }

    private async Task RemoveChainsAsync(RuleTable table, CancellationToken cancellationToken)
    {
        var saved = (await Command.RunAsync(Tool + "-save", ["-t", table.Name], cancellationToken).ConfigureAwait(false)).Demand().Output;
        var stale = saved.Split('\n')
            .Where(line => line.StartsWith(":cali-", StringComparison.Ordinal))
            .Select(line => line[1..line.IndexOf(' ', StringComparison.Ordinal)])
            .Except(table.Chains, StringComparer.Ordinal).ToArray();
        if (stale.Length > 0)
        {
            // Declared first, which empties them, then removed: they may name each other.
            var script = new StringBuilder("*").Append(table.Name).Append('\n');
            script.AppendJoin("", stale.Select(chain => $":{chain} - [0:0]\n")).AppendJoin("", stale.Select(chain => $"-X {chain}\n")).Append("COMMIT\n");
            await RestoreAsync(script.ToString(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveSetsAsync(ImmutableArray<IpSet> wanted, CancellationToken cancellationToken)
    {
        var names = (await Command.RunAsync("ipset", ["list", "-name"], cancellationToken).ConfigureAwait(false)).Demand().Output.Split('\n');
        foreach (var name in names.Where(n => n.StartsWith(SetPrefix, StringComparison.Ordinal)).Except(wanted.Select(s => s.Name), StringComparer.Ordinal))
        {
            (await Command.RunAsync("ipset", ["destroy", name], cancellationToken).ConfigureAwait(false)).Demand();
        }
    }
}
