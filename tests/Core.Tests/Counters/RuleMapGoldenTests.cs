using System.Globalization;
using CalicoConsole.Core.Counters;
using CalicoConsole.Core.Tests.Golden;
using CalicoConsole.Core.Tests.Snapshot;

namespace CalicoConsole.Core.Tests.Counters;

/// <summary>The chains that Felix 2.6 wrote, mapped back to the documents that it wrote them from.</summary>
public sealed class RuleMapGoldenTests
{
    // Rules of the kernel that belong to documents, in each recording.
    [Theory]
    [InlineData("felix/006-dataplane.json", 4)]
    [InlineData("felix/011-policy-deny.json", 13)]
    [InlineData("felix/013-profile-allow-other.json", 12)]
    [InlineData("felix/017-dataplane-after.json", 0)]
    public void Map_Recordings_EveryRuleIsFoundAndItsOwnCountWithIt(string name, int expected)
    {
        var step = Assert.Single(GoldenStep.Read("felix"), s => s.Name == name);
        var lines = Counted(step.Stdout);
        var counts = ChainCounts.Parse(lines);
        Assert.NotNull(counts);
        var documents = Listings.Snapshot(step.Before.SetItems(step.Set).RemoveRange(step.Deleted)).Calico;
        Dictionary<string, List<Hits?>> mapped = [];
        foreach (var (key, table, _, rules) in CounterBook.Lists(documents))
        {
            var found = RuleMap.Map(counts, table, key, rules);
            Assert.Equal("", found.Missing);
            if (found.InUse)
            {
                Assert.Equal(rules.Length, found.Rules.Length);
                mapped.Add(key.Chain, [.. found.Rules]);
            }
        }

        Assert.Equal(counts.Chains.Select(c => c.Chain).Order(StringComparer.Ordinal), mapped.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(expected, lines.Count(l => l.Contains("] -A cali-p", StringComparison.Ordinal)));

        // A rule that allows has a second one that returns; every other counts for one of the stored ones, in order.
        Assert.All(mapped, chain => Assert.Equal(
            lines.Where(l => l.Contains($"] -A {chain.Key} ", StringComparison.Ordinal) && !l.EndsWith("-j RETURN", StringComparison.Ordinal)).Select(Read),
            chain.Value));
    }

    [Theory]
    [InlineData("-A cali-pri-my_net -m comment --comment \"cali:J30iOdNjD4rM9lEc\" -m mark --mark 0x1000000/0x1000000 -j RETURN", "")]
    [InlineData("--dports 80,8000:8010", "--dports 443")]
    [InlineData("-p icmp", "-p udp")]
    [InlineData("cali4-s:3YAzGkCY4ZbEOArSiK9MKmO src", "cali4-s:3YAzGkCY4ZbEOArSiK9MKmO dst")]
    public void Map_KernelThatDoesNotFit_IsUnknownAndNoNeighboursCount(string part, string instead)
    {
        var step = Assert.Single(GoldenStep.Read("felix"), s => s.Name == "felix/013-profile-allow-other.json");
        Assert.Contains(part, step.Stdout, StringComparison.Ordinal);
        var counts = ChainCounts.Parse(Counted(step.Stdout.Replace(part, instead, StringComparison.Ordinal)));
        Assert.NotNull(counts);
        var documents = Listings.Snapshot(step.Before.SetItems(step.Set)).Calico;
        var profile = documents.Profiles["my_net"].Value;

        var found = RuleMap.Map(counts, "filter", new RuleListKey(false, "my_net", false), profile.Ingress);

        Assert.NotEqual("", found.Missing);
        Assert.Empty(found.Rules);
        Assert.True(RuleMap.Map(counts, "filter", new RuleListKey(false, "my_net", true), profile.Egress).IsKnown);
    }

    private static Hits? Read(string line)
    {
        var numbers = line[1..line.IndexOf(']', StringComparison.Ordinal)].Split(':');
        return new Hits(long.Parse(numbers[0], CultureInfo.InvariantCulture), long.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    // The recordings were made without -c: every rule gets a count of its own. Some hold chosen lines of one table.
    private static string[] Counted(string saved)
    {
        string[] lines =
        [
            .. saved.Split('\n').Where(l => l.StartsWith('*') || l.StartsWith(':') || l == "COMMIT" || l.StartsWith("-A ", StringComparison.Ordinal))
                .Select((l, i) => l.StartsWith("-A ", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"[{i}:{i * 84}] {l}") : l),
        ];
        return lines.Contains("COMMIT", StringComparer.Ordinal) ? lines : ["*filter", .. lines, "COMMIT"];
    }
}
